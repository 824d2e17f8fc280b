import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { AdapterTensors } from "../layers/layer-adapter.ts";
import type { LoraLayer } from "../layers/lora-layer.ts";
import type { AdapterPlace } from "./adapter-place.ts";
import { padRank } from "./pad-rank.ts";
import { weightsAt } from "./start-adapter.ts";

/** Fields that an adapter and the one that takes its place must agree in: they decide what the tensors mean. */
const SAME = ["use_rslora", "lora_dropout", "use_dora"] as const;

/**
 * Accepts a configuration for the place of another.
 *
 * @throws LoraError USAGE naming the field that differs
 */
export function demandSwappable(old: LoraConfig, next: LoraConfig): void {
  for (const field of SAME) {
    if (old[field] === next[field]) continue;
    throw new LoraError(
      "USAGE",
      `${field} is ${old[field]} in the adapter and ${next[field]} in the one to take its place`,
      {
        field,
      },
    );
  }
}

/**
 * Puts other tensors in the place of an adapter's. Where the new rank is lower the factors are filled with zeros to the
 * size of the old; where it is higher they grow. The scale is that of the new configuration, module by module. A layer that the
 * new adapter lacks keeps factors of zeros.
 *
 * @param found the new tensors; all places are those of the old adapter
 */
export function swapTensors(
  name: string,
  places: readonly AdapterPlace[],
  found: ReadonlyMap<AdapterPlace, AdapterTensors>,
): void {
  const swapped = places.flatMap((place) => {
    const { layer } = place;
    const old = layer.adapters.get(name);
    if (old === undefined) return [];
    const next = found.get(place) ?? nothing(old.tensors);
    return [{ place, tensors: padRank(layer, next, Math.max(place.rank, rankOf(layer, old.tensors))) }];
  });
  for (const { place, tensors } of swapped) place.layer.addAdapter(name, weightsAt(place, tensors));
}

/** The rank that the tensors have room for. */
function rankOf(layer: LoraLayer, { down }: AdapterTensors): number {
  return (down.shape[0] ?? 0) / layer.copies;
}

/** The same tensors, adding nothing. */
function nothing(tensors: AdapterTensors): AdapterTensors {
  return { ...tensors, up: { ...tensors.up, data: tensors.up.data.map(() => 0) }, bias: undefined };
}
