import {
  choleskyQr2,
  type EngineOptions,
  firstNonFinite,
  type Matrix,
  type MatrixLike,
  matrixMap,
  multiply,
  referenceEngine,
  refuseNonFinite,
  singleBasis,
  type Svd,
  svd,
} from "@lora/linalg";
import { asFloat32 } from "./_as-float32.ts";
import type { InitDraws } from "./_draws.ts";

/** Bytes up to which a matrix is copied into the engine's memory for all products: what that has grown to is never given back. */
const MOST_HELD = 2 ** 30;

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
 * in f32, and held by the engine meanwhile; Gram matrices and the last factorisations are in f64.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011), algorithms 4.4 and 5.1
 */
export function sketchedSvd(a: Matrix, options: SketchOptions): Svd {
  const { engine = referenceEngine } = options;
  const { rows, cols, data } = a;
  if (!(data instanceof Float32Array) || data.byteLength > MOST_HELD) {
    return sketched(a, matrixMap(a, { engine }), options);
  }
  return engine.withStored({ rows, cols, data }, (held) =>
    sketched(
      a,
      {
        rows,
        cols,
        multiply: (x) => held.multiply(asFloat32(x)),
        multiplyTransposed: (x) => held.multiplyTransposed(asFloat32(x)),
      },
      options,
    ),
  );
}

function sketched(
  a: Matrix,
  map: MatrixLike,
  { name, width, iterations, draws, engine }: SketchOptions,
): Svd {
  const wide = a.rows < a.cols;
  const times = (x: Matrix, turned: boolean): Matrix => {
    const y = turned ? map.multiplyTransposed(x) : map.multiply(x);
    // A value of `a` that is not finite shows in every product: no pass of its own looks for it.
    if (firstNonFinite(y) >= 0) refuseNonFinite(a, name);
    return y;
  };
  const basis = (y: Matrix): Matrix =>
    y.data instanceof Float32Array ? singleBasis(y, { engine }) : choleskyQr2(y, { engine }).q;
  let y = times(draws.normal(Math.min(a.rows, a.cols), width), wide);
  for (let pass = 0; pass < iterations; pass++) y = times(basis(times(basis(y), !wide)), wide);
  const range = choleskyQr2(y, { engine }).q;
  const { u, s, v } = svd(times(range, !wide), { engine }); // (rangeᵀ · a)ᵀ
  const other = multiply(range, v, { engine });
  return wide ? { u, s, v: other } : { u: other, s, v: u };
}
