import type { LazyTensor } from "@lora/tensor";
import type { AdaptedModules } from "./adapted-modules.ts";
import type { BaseModule } from "./base-module.ts";
import { baseTensors } from "./describe-base.ts";
import type { KeptPart } from "./kept-part.ts";
import { putIntoBase } from "./put-into-base.ts";

/** The weights of a model without adapters. */
export interface UnloadedModel {
  /** By their names in the base model. What no adapter touched is the tensor that the model was made with. */
  readonly tensors: ReadonlyMap<string, LazyTensor>;
  /** Names of weights that were one with another and are not any more: the model's configuration must say so. */
  readonly untied: readonly string[];
}

/**
 * The weights of all modules as they are now.
 *
 * @param kept what adapters put in the place of weights
 * @throws LoraError as `putIntoBase` does
 */
export function unloadedModel(
  base: ReadonlyMap<string, BaseModule>,
  adapted: AdaptedModules,
  kept: readonly KeptPart[] = [],
): UnloadedModel {
  const before = new Map([...base].flatMap(([name, module]) => [...baseTensors(name, module)]));
  const tensors = new Map(before);
  for (const { weightName, biasName, layer } of adapted.layers) {
    tensors.set(weightName, layer.weight.toTensor());
    if (layer.bias !== undefined) tensors.set(biasName, layer.bias.toTensor());
  }
  putIntoBase(tensors, kept);
  return { tensors, untied: untiedNames(before, tensors) };
}

/** Weights are tied where they are one tensor. */
function untiedNames(
  before: ReadonlyMap<string, LazyTensor>,
  after: ReadonlyMap<string, LazyTensor>,
): string[] {
  const groups = new Map<LazyTensor, string[]>();
  for (const [name, tensor] of before) groups.set(tensor, [...(groups.get(tensor) ?? []), name]);
  return [...groups.values()].flatMap((names) =>
    names.some((name) => after.get(name) !== after.get(names[0]!)) ? names : [],
  );
}
