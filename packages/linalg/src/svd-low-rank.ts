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
  /**
   * `f32` multiplies with a matrix of f32 in single precision, twice as fast: values are then exact to about
   * √max(m, n)·2⁻²⁴·σ₁. `f64` when left out. A map that is given multiplies as it does.
   */
  readonly as?: "f64" | "f32" | undefined;
}

/**
 * Randomised truncated SVD: the leading min(rank, m, n) singular triples of a matrix, or of anything that can be
 * multiplied with. Two products with it and 2·powerIterations more, of rank + oversampling columns each. With
 * l = rank + oversampling and q power iterations the error is, in expectation, below
 * (1 + 4·√(2·min(m, n) / (oversampling − 1)))^(1/(2q + 1)) · σₗ₊₁ more than that of the best approximation.
 *
 * @throws LoraError USAGE when a count is no whole number or too small; NUMERIC when the map gives values that
 *   are not finite
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1
 */
export function svdLowRank(a: Matrix | MatrixLike, options: LowRankOptions): Svd {
  const { rank, oversampling = 8, powerIterations = 2, seed = 0, engine } = options;
  requireCount("rank", rank, 1);
  requireCount("oversampling", oversampling, 0);
  requireCount("powerIterations", powerIterations, 0);
  const map = "data" in a ? weightMap(a, options) : a;
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

/** A matrix to multiply with, in single precision where that is asked for and its values are. */
function weightMap(a: Matrix, { as = "f64", engine }: LowRankOptions): MatrixLike {
  const times = (x: Matrix, transA: boolean): Matrix => {
    const single = as === "f32" && a.data instanceof Float32Array;
    return multiply(a, single ? { ...x, data: Float32Array.from(x.data) } : x, { transA, as, engine });
  };
  return {
    rows: a.rows,
    cols: a.cols,
    multiply: (x) => times(x, false),
    multiplyTransposed: (x) => times(x, true),
  };
}

/** An orthonormal basis whose span holds the columns of `y`. */
function orthonormal(y: Matrix, options: EngineOptions): Float64Matrix {
  refuseNonFinite(y, "the product with the map");
  return choleskyQr2(y, options).q;
}
