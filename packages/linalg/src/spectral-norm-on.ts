import type { Backend, Tensor } from "@lora/tensor";
import { encode } from "@lora/tensor";
import type { Engine } from "./engine.ts";
import { largestRitzValue } from "./largest-ritz-value.ts";
import { axpy } from "./ops/axpy.ts";
import { norm } from "./ops/norm.ts";
import { OrthonormalRows } from "./orthonormal-rows.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceEngine } from "./reference-engine.ts";
import { requireCount } from "./require-count.ts";
import type { SpectralNorm, SpectralNormOptions } from "./spectral-norm.ts";
import { unitOn } from "./unit-on.ts";

/** Steps when none are named. */
const MOST_ITERATIONS = 300;

/**
 * `spectralNorm` of a matrix that a backend holds: the products run there, two vectors a step come back, and the
 * bases are kept orthogonal here, in f64. The value is within about 10·√(m + n)·u·σ₁ of `spectralNorm`'s, u the unit
 * roundoff of `a.dtype`.
 *
 * @param a m × n, in any dtype that the backend calculates in; not disposed
 * @throws LoraError USAGE when maxIterations is no whole number from 1 up; NUMERIC when an entry is not finite; what
 *   the backend throws
 * @see Golub & Van Loan, Matrix Computations §10.4
 */
export async function spectralNormOn<S>(
  backend: Backend<S>,
  a: Tensor<S>,
  options: SpectralNormOptions = {},
): Promise<SpectralNorm> {
  const { tolerance = 1e-8, maxIterations = MOST_ITERATIONS, seed = 0, engine = referenceEngine } = options;
  requireCount("maxIterations", maxIterations, 1);
  const [rows, cols] = a.shape;
  if (rows === 0 || cols === 0) return { value: 0, residual: 0, iterations: 0 };
  const alpha = await unitOn(backend, a);
  const product = productWith(backend, a, alpha);
  const most = Math.min(maxIterations, rows + 1, cols + 1); // then the bases span all there is
  const state = { left: new OrthonormalRows(rows), right: new OrthonormalRows(cols), alphas: [], betas: [] };
  state.right.push(normalised(randomMatrix(cols, 1, seed).data).vector);
  for (let iterations = 1; ; iterations++) {
    await step(product, state, engine);
    const { value, residual } = largestRitzValue(state);
    if (residual <= tolerance * value || iterations >= most) {
      return { value: value / alpha, residual: residual / alpha, iterations };
    }
  }
}

/** The bidiagonalisation so far: a · right = left · B and aᵀ · left = right · Bᵀ, but for the last beta. */
interface State {
  readonly left: OrthonormalRows;
  readonly right: OrthonormalRows;
  readonly alphas: number[];
  readonly betas: number[];
}

type Product = (x: Float64Array, transA: boolean) => Promise<Float64Array>;

/** alpha · a · x, or with aᵀ. */
function productWith<S>(backend: Backend<S>, a: Tensor<S>, alpha: number): Product {
  const as = a.dtype;
  return async (x, transA) => {
    const vector = backend.upload(encode(x, as), { dtype: as, shape: [x.length, 1] }, as);
    const product = backend.run("gemm", { a, b: vector, transA, alpha });
    vector.dispose();
    const values = await backend.download(product);
    product.dispose();
    return Float64Array.from(values);
  };
}

/** One step more: a vector more of either side, made orthogonal to all before. */
async function step(product: Product, { left, right, alphas, betas }: State, engine: Engine): Promise<void> {
  const k = alphas.length;
  const nextLeft = await product(right.at(k), false);
  if (k > 0) axpy(-betas[k - 1], left.at(k - 1), nextLeft);
  left.projectOut(engine, nextLeft);
  const ahead = normalised(nextLeft);
  alphas.push(ahead.length);
  left.push(ahead.vector);
  const nextRight = await product(ahead.vector, true);
  axpy(-ahead.length, right.at(k), nextRight);
  right.projectOut(engine, nextRight);
  const back = normalised(nextRight);
  betas.push(back.length);
  right.push(back.vector);
}

/** A vector of length 1 in this direction, and how long it was; zero stays zero. */
function normalised(vector: Float64Array): { readonly vector: Float64Array; readonly length: number } {
  const length = norm(vector);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return { vector, length };
}
