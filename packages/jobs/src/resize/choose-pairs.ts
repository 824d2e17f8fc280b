import { type Adapter, atLeastOne, dialectOf, type ModuleSpectrum, type Selection } from "@lora/peft";
import { plannedBytes } from "./planned-bytes.ts";
import type { SizePlan } from "./size-plan.ts";
import type { ResizeTask } from "./tasks.ts";

/** What pairs are chosen from, and how. */
export interface PairChoice {
  readonly adapter: Adapter;
  readonly spectra: readonly ModuleSpectrum[];
  readonly task: ResizeTask;
  /** Of the type that the factors are stored in. */
  readonly plan: SizePlan;
}

/**
 * The pairs a task keeps. Some readers need every module they expect: there, one pair of each is kept, and counted
 * in the size.
 */
export function choosePairs({ adapter, spectra, task, plan }: PairChoice): Selection {
  const fileBytes = plannedBytes(adapter, task, plan);
  if (!dialectOf(adapter).keepsEveryModule) return task.choice.choose(spectra, { fileBytes });
  const withEveryModule = (ranks: readonly number[]): number =>
    fileBytes(ranks.map((rank) => Math.max(rank, 1)));
  return atLeastOne(task.choice.choose(spectra, { fileBytes: withEveryModule }), spectra);
}
