import type { TensorFile } from "@lora/tensor";
import { ownedUnits, type Share } from "../shard/share.ts";
import { shareOfTensors } from "../shard/share-of-tensors.ts";
import type { PlannedModule } from "./plan-modules.ts";

/** A base and those of its modules that get factors. */
export interface InitWork {
  readonly base: TensorFile;
  readonly modules: readonly PlannedModule[];
}

/** The modules of a share, and the base with their weights and its share of the other tensors; all where there is none. */
export function shareOfInit({ base, modules }: InitWork, share: Share | undefined): InitWork {
  if (share === undefined) return { base, modules };
  const names = ownedUnits(
    modules.map(({ name, tensor }) => ({ name, bytes: tensor.tensor.byteLength })),
    share,
  );
  const own = modules.filter(({ name }) => names.has(name));
  const adapted = new Set(modules.map(({ tensor }) => tensor.name));
  const others = [...base.tensors].filter(([name]) => !adapted.has(name));
  const carried = new Set([
    ...own.map(({ tensor }) => tensor.name),
    ...shareOfTensors(others, share).map(([name]) => name),
  ]);
  const tensors = new Map([...base.tensors].filter(([name]) => carried.has(name)));
  return { base: { ...base, tensors }, modules: own };
}
