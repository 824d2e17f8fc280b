import { type EngineOptions, frobeniusNorm, type Matrix, multiply, transpose } from "@lora/linalg";
import { type BaseChange, type InitFactors, LowRankDelta } from "@lora/peft";
import { type DType, encode } from "@lora/tensor";
import { relative } from "../arithmetic.ts";
import { rounded } from "../resize/rounding.ts";

/** Factors and the weight they were made for. */
export interface UnstoredInit {
  readonly factors: InitFactors;
  /** out × in; absent where the method needs none. */
  readonly weight: Matrix | undefined;
  readonly change: BaseChange;
  readonly scale: number;
  readonly transposed: boolean;
}

export interface StoreOptions extends EngineOptions {
  /** Of the factors. */
  readonly dtype: DType;
  /** Of the weight. */
  readonly baseDType: DType;
}

/** What is written of a module, and how well that stands for its weight. */
export interface StoredInit {
  readonly down: Uint8Array;
  readonly up: Uint8Array;
  /** The changed weight, in the orientation of the file. */
  readonly base?: Uint8Array | undefined;
  /** ‖s·up·down‖_F as stored. */
  readonly updateFrobenius: number;
  /** ‖W‖_F; null where W was not read. */
  readonly weightFrobenius: number | null;
  /** ‖W − (base + s·up·down)‖_F / ‖W‖_F, all as stored: how far the model is from itself before. */
  readonly relativeError: number | null;
}

/**
 * Rounds factors to their stored type first and takes the rounded ones out of the weight, so that what is lost is the
 * rounding of the weight alone. The error is measured on the stored values.
 *
 * @throws LoraError NUMERIC when a value is too large for its type
 */
export function storeInit(init: UnstoredInit, { dtype, baseDType, engine }: StoreOptions): StoredInit {
  const { factors, weight, scale, transposed } = init;
  const [down, up] = [rounded(factors.down, dtype), rounded(factors.up, dtype)];
  const bytes = { down: down.bytes, up: up.bytes };
  const delta = new LowRankDelta(up.values, down.values, { scale, engine });
  const updateFrobenius = delta.frobeniusNorm();
  const weightFrobenius = weight === undefined ? null : frobeniusNorm(weight, { engine });
  const norms = { updateFrobenius, weightFrobenius };
  if (weight === undefined || init.change === "kept") {
    const unchanged = updateFrobenius === 0 ? 0 : null;
    const relativeError = weightFrobenius === null ? unchanged : relative(updateFrobenius, weightFrobenius);
    return { ...bytes, ...norms, relativeError };
  }
  const update = multiply(up.values, down.values, { alpha: scale, engine });
  const stored = rounded(factors.base ?? differenceOf(weight, update), baseDType);
  return {
    ...bytes,
    ...norms,
    base: transposed ? encode(transpose(stored.values).data, baseDType) : stored.bytes,
    relativeError: relative(distance(weight, stored.values, update), weightFrobenius ?? 0),
  };
}

/** W − update, in doubles. */
function differenceOf(weight: Matrix, update: Matrix): Matrix {
  const data = Float64Array.from(weight.data);
  for (let i = 0; i < data.length; i++) data[i]! -= update.data[i]!;
  return { rows: weight.rows, cols: weight.cols, data };
}

/** ‖W − (base + update)‖_F */
function distance(weight: Matrix, base: Matrix, update: Matrix): number {
  let sum = 0;
  for (let i = 0; i < weight.data.length; i++) {
    sum += (weight.data[i]! - (base.data[i]! + update.data[i]!)) ** 2;
  }
  return Math.sqrt(sum);
}
