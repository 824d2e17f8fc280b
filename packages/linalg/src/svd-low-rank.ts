import { columns } from "./arrange.ts";
import type { EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { choleskyQr2 } from "./cholesky-qr2.ts";
import type { Matrix, MatrixLike, Svd } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { randomMatrix } from "./random-matrix.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { requireCount } from "./require-count.ts";
import { svd } from "./svd.ts";

/** What `svdLowRank` approximates, and how hard it tries. */
export interface LowRankOptions extends EngineOptions {
  /** How many singular values are wanted. */
  readonly rank: number;
  /** Directions tried besides; 8 when left out. */
  readonly oversampling?: number | undefined;
  /** Passes over the map and its transpose that sharpen a slowly falling spectrum; 2 when left out. */
  readonly powerIterations?: number | undefined;
  /** Of the directions tried; 0 when left out. */
  readonly seed?: number | undefined;
}

/**
 * Randomised truncated SVD: the leading min(rank, m, n) singular triples of anything that can be multiplied
 * with. Two products with it and 2·powerIterations more, of rank + oversampling columns each. With
 * l = rank + oversampling and q power iterations the error is, in expectation, below
 * (1 + 4·√(2·min(m, n) / (oversampling − 1)))^(1/(2q + 1)) · σₗ₊₁ more than that of the best approximation.
 *
 * @throws LoraError USAGE when a count is no whole number or too small; NUMERIC when the map gives values that
 *   are not finite
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1
 */
export function svdLowRank(map: MatrixLike, options: LowRankOptions): Svd {
  const { rank, oversampling = 8, powerIterations = 2, seed = 0, engine } = options;
  requireCount("rank", rank, 1);
  requireCount("oversampling", oversampling, 0);
  requireCount("powerIterations", powerIterations, 0);
  const smaller = Math.min(map.rows, map.cols);
  const width = Math.min(rank + oversampling, smaller);
  const basis = (y: Matrix): Float64Matrix => orthonormal(y, { engine });
  let range = basis(map.multiply(randomMatrix(map.cols, width, seed)));
  for (let pass = 0; pass < powerIterations; pass++) {
    range = basis(map.multiply(basis(map.multiplyTransposed(range))));
  }
  const projected = map.multiplyTransposed(range); // (rangeᵀ · map)ᵀ, n × width
  refuseNonFinite(projected, "the product with the transposed map");
  const { u, s, v } = svd(projected, { engine });
  const kept = Array.from({ length: Math.min(rank, smaller) }, (_, i) => i);
  return {
    u: multiply(range, columns(v, kept), { engine }),
    s: s.slice(0, kept.length),
    v: columns(u, kept),
  };
}

/** An orthonormal basis whose span holds the columns of `y`. */
function orthonormal(y: Matrix, options: EngineOptions): Float64Matrix {
  refuseNonFinite(y, "the product with the map");
  return choleskyQr2(y, options).q;
}
