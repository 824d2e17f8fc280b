import {
  choleskyQr2,
  type EngineOptions,
  firstNonFinite,
  type Matrix,
  multiply,
  refuseNonFinite,
  type Svd,
  svd,
} from "@lora/linalg";
import { asFloat32 } from "./_as-float32.ts";
import type { InitDraws } from "./_draws.ts";

/** How a randomised SVD is made. */
export interface SketchOptions extends EngineOptions {
  /** What to call the matrix in messages. */
  readonly name: string;
  /** Directions tried, at most min(m, n): as many triples come back. */
  readonly width: number;
  /** Passes over the matrix and its transpose. */
  readonly iterations: number;
  /** One normal draw: min(m, n) × width. */
  readonly draws: InitDraws;
}

/**
 * Randomised SVD as torch's `svd_lowrank` makes it: the sketch is taken on the shorter side, and the result has as
 * many triples as directions were tried. 2·iterations + 2 products with the matrix. A matrix of f32 is multiplied
 * in f32; the factorisations are in f64.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1
 */
export function sketchedSvd(a: Matrix, { name, width, iterations, draws, engine }: SketchOptions): Svd {
  const wide = a.rows < a.cols;
  const narrow = a.data instanceof Float32Array;
  const times = (x: Matrix, transA: boolean): Matrix =>
    multiply(a, narrow ? asFloat32(x) : x, { transA, engine, as: narrow ? "f32" : "f64" });
  const basis = (y: Matrix): Matrix => {
    // A value of `a` that is not finite shows in every product: no pass of its own looks for it.
    if (firstNonFinite(y) >= 0) refuseNonFinite(a, name);
    return choleskyQr2(y, { engine }).q;
  };
  let range = basis(times(draws.normal(Math.min(a.rows, a.cols), width), wide));
  for (let pass = 0; pass < iterations; pass++) range = basis(times(basis(times(range, !wide)), wide));
  const { u, s, v } = svd(times(range, !wide), { engine }); // (rangeᵀ · a)ᵀ
  const other = multiply(range, v, { engine });
  return wide ? { u, s, v: other } : { u: other, s, v: u };
}
