import type { Engine, EngineOptions } from "./engine.ts";
import { beginLanczos, continueLanczos } from "./lanczos.ts";
import { largestRitzValue } from "./largest-ritz-value.ts";
import type { MatrixLike } from "./matrix.ts";
import { type Limits, normalSpectralNorm } from "./normal-spectral-norm.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceEngine } from "./reference-engine.ts";
import { requireCount } from "./require-count.ts";

/** Steps when none are named. */
const MOST_ITERATIONS = 300;

/** From here on products with mapᵀ·map in f32, which lose half of its digits, are exact enough to get there. */
const NORMAL_TOLERANCE = 1e-5;

/** When `spectralNorm` stops, and where it starts. */
export interface SpectralNormOptions extends EngineOptions {
  /** It stops when the residual is this small beside the value; 1e-8 when left out. */
  readonly tolerance?: number | undefined;
  /** Each costs a product with the map, one with its transpose, and a vector of either side; 300 when left out. */
  readonly maxIterations?: number | undefined;
  /** Of the direction it starts from; 0 when left out. */
  readonly seed?: number | undefined;
}

/** An estimate of σ₁, and how far it may be off. */
export interface SpectralNorm {
  /** Never above σ₁, but for rounding. */
  readonly value: number;
  /** Some singular value is within this distance of `value`; σ₁ itself is as a rule within residual² / gap. */
  readonly residual: number;
  readonly iterations: number;
}

/**
 * σ₁ of anything that can be multiplied with: Golub–Kahan–Lanczos bidiagonalisation with full
 * reorthogonalisation from a random start. Where the map offers products with mapᵀ·map, and the tolerance is 1e-5 or
 * more, Lanczos steps with those, half as many passes over the matrix; from 2e-3 up most of them with rounded values, where
 * the map offers that. Value and residual are those of the map itself, of f64 sums.
 * A decaying spectrum takes some 10 iterations, the flat one of a
 * Gaussian matrix of size 1000 some 60. After `maxIterations` the best value there is is returned; its
 * residual tells how good it is.
 *
 * @throws LoraError USAGE when maxIterations is no whole number from 1 up; NUMERIC when the map gives values
 *   that are not finite
 * @see Golub & Van Loan, Matrix Computations §10.4; the residual: Parlett, The Symmetric Eigenvalue Problem §11.7
 */
export function spectralNorm(map: MatrixLike, options: SpectralNormOptions = {}): SpectralNorm {
  requireCount("maxIterations", options.maxIterations ?? MOST_ITERATIONS, 1);
  if (map.rows === 0 || map.cols === 0) return { value: 0, residual: 0, iterations: 0 };
  return map.hold === undefined ? iterate(map, options) : map.hold((held) => iterate(held, options));
}

function iterate(map: MatrixLike, options: SpectralNormOptions): SpectralNorm {
  const { tolerance = 1e-8, maxIterations = MOST_ITERATIONS, seed = 0, engine = referenceEngine } = options;
  if (map.multiplyNormal !== undefined && tolerance >= NORMAL_TOLERANCE) {
    return normalSpectralNorm(map, startInRowSpace(map, seed), { tolerance, maxIterations });
  }
  return iterateExactly(map, randomMatrix(map.cols, 1, seed).data, { tolerance, maxIterations, engine });
}

/** Where a wide map has a null space, a start with a part in it would first find the singular value 0. */
function startInRowSpace(map: MatrixLike, seed: number): Float64Array {
  if (map.cols <= map.rows) return randomMatrix(map.cols, 1, seed).data;
  return new Float64Array(map.multiplyTransposed(randomMatrix(map.rows, 1, seed)).data);
}

/** Golub–Kahan–Lanczos with full reorthogonalisation. */
function iterateExactly(
  map: MatrixLike,
  start: Float64Array,
  { tolerance, maxIterations, engine }: Limits & { readonly engine: Engine },
): SpectralNorm {
  const state = beginLanczos(engine, map, start);
  for (;;) {
    const { value, residual } = largestRitzValue(state);
    const iterations = state.alphas.length;
    // Not residual² / gap, which is smaller: a start that hardly sees the first of two close directions
    // would stop at the second.
    if (residual <= tolerance * value || iterations >= maxIterations) return { value, residual, iterations };
    continueLanczos(engine, map, state);
  }
}
