import {
  type Engine,
  isStoredType,
  type ProductBasis,
  type ProductPairs,
  scaledColumns,
  storedMatrix,
  type StoredSum,
  type StoredType,
  strided,
  transposed,
} from "@lora/linalg";
import { type EncodedFactors, type StoredFactors, transposedBytes } from "@lora/peft";
import { byteCount, type DType } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import { toldError } from "./told-error.ts";
import type { UpdateError } from "./update-error.ts";

/** Half an ulp of f32, in which the products are summed. */
const UNIT_ROUNDOFF = 2 ** -24;

/** Which pairs of an update are written, and how. */
export interface Truncation {
  readonly factors: StoredFactors;
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
  /** Singular values of the pairs that were dropped, descending. */
  readonly dropped: Float64Array;
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  readonly dtype: DType;
  readonly engine: Engine;
}

/** Factors as they are stored, and how far their product is from what was asked for. */
export interface RoundedProduct extends EncodedFactors {
  readonly error: UpdateError;
}

/**
 * The balanced factors of a truncated update, rounded as they are multiplied: in f32, where so much is dropped that the error can be
 * told all the same, to 5 · 10⁻⁵ of it (`toldError`). What values themselves may be off by comes on top: as much again where they barely
 * tell which pairs stay (`tellsPairs`).
 *
 * Sums of f32 move a factor by √r·2⁻²⁴ of itself for each time that the product of the norms is larger than the value.
 *
 * @returns `undefined` where rounding may count: `updateError` measures it
 */
export function roundedProduct(truncation: Truncation): RoundedProduct | undefined {
  const { factors, basis, pairs, dropped, storedScale: g, rescale, dtype, engine } = truncation;
  const { s, left, right } = pairs;
  if (!("form" in basis) || !isStoredType(dtype) || !(dropped[0]! > 0)) return undefined;
  const weights = s.map((value) => Math.sqrt((rescale / g) * value));
  const [p, q] = [scaledColumns(left, weights), scaledColumns(right, weights)];
  // Few long rows are added to in fewer steps than many short ones.
  const up = {
    ...summed(dtype, [s.length, factors.up.rows]),
    a: transposed(strided(p)),
    b: transposed(strided(factors.up)),
  };
  const down = {
    ...summed(dtype, [s.length, factors.down.cols]),
    a: transposed(strided(q)),
    b: strided(factors.down),
  };
  const single = Math.sqrt(left.rows) * UNIT_ROUNDOFF * (basis.size / s[s.length - 1]!) * norm(weights);
  const moved = (sum: StoredSum): number => Math.hypot(Math.sqrt(engine.addStored(sum).errorSquares), single);
  const error = toldError({
    ...truncation,
    basis,
    weights,
    moved: [moved(up), moved(down)],
    up: storedMatrix(up.bytes, dtype, [s.length, factors.up.rows]),
    down: storedMatrix(down.bytes, dtype, [s.length, factors.down.cols]),
  });
  return error && { up: transposedBytes(up.bytes, s.length, factors.up.rows), down: down.bytes, error };
}

/** Zeros that a product is added to. */
function summed(
  dtype: StoredType,
  shape: readonly number[],
): { readonly bytes: Uint8Array; readonly dtype: StoredType } {
  return { bytes: new Uint8Array(byteCount({ dtype, shape })), dtype };
}
