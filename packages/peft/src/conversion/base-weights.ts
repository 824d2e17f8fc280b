import { LoraError, type TensorFile } from "@lora/tensor";
import type { Adapter, AdapterModule } from "../adapter.ts";
import { completedShape } from "../pairing/fit.ts";
import { type BasePairing, type PairedWeight, pairWithBase } from "../pairing/pair-with-base.ts";
import { needsItsBase } from "./refuse-unwritable.ts";

/** A base, and where the weights of modules are in it. */
export interface PairedBase extends BasePairing {
  readonly name: string;
}

/** Pairs an adapter with its base; undefined without one, or with one that has no tensors. */
export function pairedBase(adapter: Adapter, base: TensorFile | undefined): PairedBase | undefined {
  if (base === undefined || base.tensors.size === 0) return undefined;
  return { ...pairWithBase(adapter, base), name: base.name };
}

/**
 * The weight of a module that is nothing without it.
 *
 * @throws LoraError UNSUPPORTED without a base; MISSING when the base has no such weight
 */
export function demandWeight(
  module: AdapterModule,
  base: PairedBase | undefined,
  { file }: Pick<Adapter, "file">,
): PairedWeight {
  if (base === undefined) throw needsItsBase(module, file.name);
  const pair = base.pairs.get(module.name);
  if (pair !== undefined) return pair;
  const reason = base.unpaired.find((one) => one.module === module.name);
  throw new LoraError("MISSING", `a module needs its weight: ${reason?.reason}`, {
    file: base.name,
    module: module.name,
    nearest: reason?.nearest,
    advice: "give the base model this adapter was trained on",
  });
}

/** The adapter with the sizes of its modules that only their weights have, as far as these are there. */
export function sizedAdapter(adapter: Adapter, base: PairedBase | undefined): Adapter {
  const modules = adapter.modules.map((module) => {
    const pair = module.shape.includes(0) ? base?.pairs.get(module.name) : undefined;
    if (pair === undefined) return module;
    const shape = completedShape(module, pair);
    return { ...module, shape, layer: shape.length > 2 ? ("conv" as const) : module.layer };
  });
  return { ...adapter, modules };
}
