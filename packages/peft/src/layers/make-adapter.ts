import { LoraError } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import { precisionOf } from "./dense-tensor.ts";
import { adapterScale, demandRank, demandShape } from "./layer-adapter.ts";
import type { AdapterTensors, AdapterWeights, FactorShapes, LayerAdapter } from "./layer-adapter.ts";
import { plain } from "./plain.ts";
import type { AdaptedKind } from "./variant.ts";

/** What of a layer decides whether an adapter fits. */
export interface AdapterPlace {
  readonly kind: AdaptedKind;
  readonly outputs: number;
  /** How many updates of rank r the factors hold: experts, else 1. */
  readonly copies: number;
  /** Shapes of unpacked factors. */
  factorShapes(rank: number): FactorShapes;
  /** The factors as matrices, out × r and r × in. */
  denseFactors(tensors: AdapterTensors): Factors;
}

/**
 * An adapter of this layer.
 *
 * @throws LoraError UNSUPPORTED when the layer does not know the variant; SHAPE when a tensor has another shape than
 *   the layer takes; MISSING when the variant needs a tensor that is not there; USAGE for a rank or alpha that is none
 */
export function makeAdapter(place: AdapterPlace, name: string, weights: AdapterWeights): LayerAdapter {
  const { tensors, alpha, rsLora = false, variant = plain, times = 1 } = weights;
  if (!variant.kinds.includes(place.kind)) {
    throw new LoraError("UNSUPPORTED", `${variant.id} does not exist for layers of kind ${place.kind}`, {
      adapter: name,
      advice: `it exists for: ${variant.kinds.join(", ")}`,
    });
  }
  const width = (tensors.down.shape[0] ?? 0) / place.copies;
  demandRank(weights.rank ?? width);
  demandTensors(place, width, { tensors, variant });
  const rank = weights.rank ?? width;
  const { up, down } = variant.unpack?.(tensors) ?? place.denseFactors(tensors);
  const factors = { up: times === 1 ? up : { ...up, data: up.data.map((value) => value * times) }, down };
  const scale = adapterScale({ alpha, rank, rsLora });
  const updateType = weights.roundUpdate === true ? tensors.up.dtype : precisionOf(tensors.up.data);
  return { name, rank, alpha, rsLora, variant, tensors, updateType, factors, scale };
}

function demandTensors(
  place: AdapterPlace,
  rank: number,
  { tensors, variant }: Pick<LayerAdapter, "tensors" | "variant">,
): void {
  const dense = place.factorShapes(rank);
  const shapes = variant.packed?.(dense) ?? dense;
  demandShape("lora_A", tensors.down, shapes.down);
  demandShape("lora_B", tensors.up, shapes.up);
  if (tensors.bias !== undefined) demandShape("the bias of lora_B", tensors.bias, [place.outputs]);
  for (const part of variant.needs ?? []) {
    const tensor = tensors[part];
    if (tensor === undefined)
      throw new LoraError("MISSING", `${variant.id} needs the tensor \`${part}\``, { part });
    const length = part === "magnitude" ? place.outputs : rank;
    if (tensor.data.length !== length) demandShape(part, tensor, [length]);
  }
}
