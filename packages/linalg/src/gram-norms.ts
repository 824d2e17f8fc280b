import { LoraError } from "@lora/tensor";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { gramMap, spectralNormOfGrams } from "./spectral-norm-of-grams.ts";

/** Norms of a matrix that is not formed. */
export interface GramNorms {
  readonly frobenius: number;
  /** The largest singular value. */
  readonly spectral: number;
}

/**
 * Norms of l · rᵀ from the Gram matrices of its factors, G = lᵀ·l and H = rᵀ·r: ‖·‖_F² = ⟨G, H⟩ = tr(G·H), and the
 * spectral norm is the root of the largest eigenvalue of G·H, found by Lanczos steps in the inner product of H. O(k²) a
 * step, some 10 to 40 of them.
 *
 * Squaring costs half of the digits of what is far below the largest column; a column that is small in one factor
 * and large in the other counts by the product of both.
 *
 * @param g k × k, symmetric, positive semidefinite
 * @param h as g
 * @throws LoraError SHAPE when they are not square and of one size; NUMERIC when a value is not finite
 * @see Golub & Van Loan, Matrix Computations §8.7 and §10.1
 */
export function gramNorms(g: Float64Matrix, h: Float64Matrix): GramNorms {
  const k = g.rows;
  if (![g.cols, h.rows, h.cols].every((size) => size === k)) {
    throw new LoraError(
      "SHAPE",
      `Gram matrices must be square and of one size: ${k} × ${g.cols} and ${h.rows} × ${h.cols}`,
      { g: [g.rows, g.cols], h: [h.rows, h.cols] },
    );
  }
  refuseNonFinite(g, "g");
  refuseNonFinite(h, "h");
  return {
    frobenius: Math.sqrt(Math.max(0, dotVectors(g.data, h.data))),
    spectral: spectralNormOfGrams(gramMap(g), gramMap(h)),
  };
}
