import type { ModulePlace } from "../posted.ts";
import type { WeightedAdapter } from "./inputs.ts";
import type { Target } from "./match-targets.ts";

/** The updates of one weight: where they are, whose they are, and their weights. */
export interface UpdatesOf {
  readonly places: readonly ModulePlace[];
  /** Indices of the adapters. */
  readonly owners: readonly number[];
  readonly weights: readonly number[];
}

/** The updates that adapters have for a target. */
export function updatesOf({ members }: Target, weighted: readonly WeightedAdapter[]): UpdatesOf {
  const owners = members.flatMap((member, index) => (member === undefined ? [] : [index]));
  return {
    owners,
    places: owners.map((index) => ({ module: members[index]!, file: weighted[index]!.adapter.file.name })),
    weights: owners.map((index) => weighted[index]!.weight),
  };
}
