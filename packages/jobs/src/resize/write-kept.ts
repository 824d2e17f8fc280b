import type { EncodedFactors } from "@lora/peft";
import type { DType } from "@lora/tensor";
import { balancedFactors } from "./keep.ts";
import { keptPairs, type KnownUpdate } from "./kept-pairs.ts";
import { rounded } from "./rounding.ts";
import { roundedProduct } from "./rounded-product.ts";
import { type UpdateError, updateError } from "./update-error.ts";

/** Which part of an update is written, and how. */
export interface WriteOrder {
  /** Ascending indices of the singular pairs that stay. */
  readonly kept: readonly number[];
  readonly dtype: DType;
  /** What a reader of the new file multiplies with. */
  readonly storedScale: number;
  /** What the update is multiplied with. */
  readonly rescale: number;
}

/** The factors as they are stored, and how far their product is from what was asked for. */
export interface WrittenFactors extends EncodedFactors {
  readonly error: UpdateError;
}

/** Factors that are written before the file is begun, and what was asked for. */
export interface EarlyFactors {
  readonly order: WriteOrder;
  readonly factors: WrittenFactors;
}

/** Makes the factors of a truncated update, rounds them and measures what that cost. */
export function writeKept(update: KnownUpdate, order: WriteOrder): WrittenFactors {
  const { delta, engine } = update;
  const { kept, dtype, storedScale, rescale } = order;
  const factors = delta.storedFactors();
  const { basis, pairs } = keptPairs(update, kept);
  const keptSet = new Set(kept);
  const dropped = basis.s.filter((_, index) => !keptSet.has(index));
  const truncation = { factors, basis, pairs, dropped, storedScale, rescale, dtype, engine };
  const product = roundedProduct(truncation);
  if (product !== undefined) return product;
  const exact = balancedFactors(factors, pairs, { gain: rescale / storedScale, engine });
  const [up, down] = [rounded(exact.up, dtype), rounded(exact.down, dtype)];
  const values = { up: up.values, down: down.values };
  const error = updateError({ ...truncation, exact, rounded: values });
  return { up: up.bytes, down: down.bytes, error };
}
