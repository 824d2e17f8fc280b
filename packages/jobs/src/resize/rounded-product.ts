import {
  type Engine,
  isStoredType,
  type ProductBasis,
  type ProductPairs,
  scaledColumns,
  type StoredType,
  strided,
  transposed,
} from "@lora/linalg";
import { type EncodedFactors, type StoredFactors, transposedBytes } from "@lora/peft";
import { byteCount, type DType } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import type { UpdateError } from "./update-error.ts";

/** What rounding may add to the square of an error at most, beside the square of what was dropped, or of its largest value. */
const MOST_ADDED = 1e-4;

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
 * The balanced factors of a truncated update, rounded as they are multiplied: in f32, for an update of which so much is dropped that
 * neither this nor the rounding to `dtype` changes the error, or its largest value, by more than 5 · 10⁻⁵ of it. What values
 * themselves may be off by comes on top: as much again where they barely tell which pairs stay (`tellsPairs`).
 *
 * With δB and δA what moved the factors B₀ and A₀, D what was dropped and M = −g·(δB·A₀ + B′·δA), the square of the error is
 * ‖D‖² + 2⟨D, M⟩ + ‖M‖². D is orthogonal to B₀ and A₀, so that |⟨D, M⟩| is at most g·‖D‖₂·‖δB‖·‖δA‖, and ‖M‖ at most
 * g·(‖δB‖·‖A₀‖₂ + ‖B′‖₂·‖δA‖), where both norms are √(gain·σ₁). Sums of f32 move a factor by √r·2⁻²⁴ of itself for each time
 * that the product of the norms is larger than the value. Within these bounds ‖M‖² is taken for what it is where every pair is moved
 * in proportion, as rounding does, and in directions of its own: as a rule the error is told ten times better than they promise.
 *
 * @returns `undefined` where rounding may count: `updateError` measures it
 */
export function roundedProduct(truncation: Truncation): RoundedProduct | undefined {
  const { factors, basis, pairs, dropped, storedScale: g, rescale, dtype, engine } = truncation;
  const { s, left, right } = pairs;
  const lost = rescale * norm(dropped);
  const largest = rescale * (dropped[0] ?? 0);
  if (!("form" in basis) || !isStoredType(dtype) || !(largest > 0)) return undefined;
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
  const [movedUp, movedDown] = [up, down].map((sum) =>
    Math.hypot(Math.sqrt(engine.addStored(sum).errorSquares), single),
  );
  const moved = (g * weights[0]! * (movedUp! + movedDown!)) ** 2;
  const across = 2 * g * largest * movedUp! * movedDown!;
  if (!(moved + across <= MOST_ADDED * Math.min(lost * lost, largest * largest))) return undefined;
  const likely = g * norm(weights.map((weight) => weight * weight)) * Math.hypot(movedUp!, movedDown!);
  const written = transposedBytes(up.bytes, s.length, factors.up.rows);
  return {
    up: written,
    down: down.bytes,
    error: { frobenius: Math.hypot(lost, likely / norm(weights)), spectral: largest },
  };
}

/** Zeros that a product is added to. */
function summed(
  dtype: StoredType,
  shape: readonly number[],
): { readonly bytes: Uint8Array; readonly dtype: StoredType } {
  return { bytes: new Uint8Array(byteCount({ dtype, shape })), dtype };
}
