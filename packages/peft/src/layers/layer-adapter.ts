import type { Matrix } from "@lora/linalg";
import type { DType, Shape } from "@lora/tensor";
import { LoraError, sameShape, shapeText } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import type { TypedTensor } from "./dense-tensor.ts";
import type { Variant } from "./variant.ts";

/** The tensors of one adapter in one layer, as PEFT stores them. */
export interface AdapterTensors {
  /** `lora_A` */
  readonly down: TypedTensor;
  /** `lora_B` */
  readonly up: TypedTensor;
  /** The bias of `lora_B`. */
  readonly bias?: TypedTensor | undefined;
  /** DoRA's `lora_magnitude_vector`: one value an output. */
  readonly magnitude?: TypedTensor | undefined;
  /** KaSA's `lora_diag`: one value a rank. */
  readonly diagonal?: TypedTensor | undefined;
  /** VeLoRA's `lora_velora_embed`, which only training uses. */
  readonly embed?: TypedTensor | undefined;
  /** MonteCLoRA's sampler, which only training uses: weights of its samples, and what they are drawn from. */
  readonly sampleWeights?: TypedTensor | undefined;
  readonly samplePrior?: TypedTensor | undefined;
  readonly samplerCovariance?: TypedTensor | undefined;
  readonly samplerDeviation?: TypedTensor | undefined;
}

/** What makes an adapter of a layer. */
export interface AdapterWeights {
  readonly tensors: AdapterTensors;
  readonly alpha: number;
  /** The rank that the scale divides by; that of the tensors when left out. */
  readonly rank?: number | undefined;
  /** Scale alpha / √r in place of alpha / r. */
  readonly rsLora?: boolean | undefined;
  /** Plain LoRA when left out. */
  readonly variant?: Variant | undefined;
  /**
   * How often the update is applied, 1 when left out. PEFT up to 0.21 applies that of an attention's `out_proj` twice,
   * and the adapters that it trained expect that.
   */
  readonly times?: number | undefined;
  /**
   * Round the update to the type of factors in halves before it is merged, as PEFT does when told to keep adapters in
   * halves. Left out, it stays in singles, as in PEFT otherwise.
   */
  readonly roundUpdate?: boolean | undefined;
}

/** An adapter in a layer. */
export interface LayerAdapter {
  readonly name: string;
  readonly rank: number;
  readonly alpha: number;
  readonly rsLora: boolean;
  readonly variant: Variant;
  readonly tensors: AdapterTensors;
  /** The type that the update is rounded to before it is merged. */
  readonly updateType: DType;
  /** The update as dense factors, without the scale: out × r and r × in (a convolution: r × in·k). */
  readonly factors: Factors;
  /** What up · down is multiplied with now. */
  scale: number;
}

/** Shapes of the two factors. */
export interface FactorShapes {
  readonly down: Shape;
  readonly up: Shape;
}

/**
 * alpha / r, or alpha / √r.
 *
 * @throws LoraError USAGE when the rank is not a whole number above 0, or alpha is not a number
 */
export function adapterScale({
  alpha,
  rank,
  rsLora,
}: Pick<LayerAdapter, "alpha" | "rank" | "rsLora">): number {
  demandRank(rank);
  if (!Number.isFinite(alpha))
    throw new LoraError("USAGE", `alpha must be a number, not ${alpha}`, { alpha });
  return alpha / (rsLora ? Math.sqrt(rank) : rank);
}

/**
 * Accepts a rank.
 *
 * @throws LoraError USAGE when it is not a whole number above 0
 */
export function demandRank(rank: number): void {
  if (Number.isInteger(rank) && rank > 0) return;
  throw new LoraError("USAGE", `the rank must be a whole number above 0, not ${rank}`, { rank });
}

/**
 * Accepts a tensor of this shape.
 *
 * @param name as PEFT calls it
 * @throws LoraError SHAPE when it has another
 */
export function demandShape(name: string, tensor: TypedTensor, shape: Shape): void {
  if (sameShape(tensor.shape, shape)) return;
  throw new LoraError(
    "SHAPE",
    `${name} is ${shapeText(tensor.shape)}; this layer takes ${shapeText(shape)}`,
    {
      tensor: name,
      shape: tensor.shape,
      expected: shape,
    },
  );
}

/** A tensor as a matrix of this many rows. No copy. */
export function asRows({ data }: Pick<TypedTensor, "data">, rows: number): Matrix {
  return { rows, cols: rows === 0 ? 0 : data.length / rows, data };
}
