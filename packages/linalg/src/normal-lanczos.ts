import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { norm } from "./ops/norm.ts";
import { lastComponentOf, leadingEigenvalue } from "./leading-eigenvalue.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** What multiplies with mapᵀ · map. */
export type Normal = (x: Float64Array) => Float64Array;

/** Lanczos vectors of mapᵀ·map, and the tridiagonal matrix they make of it. */
export interface NormalLanczos {
  /** k + 1 vectors of length 1 */
  readonly vectors: Float64Array[];
  /** k values: the diagonal */
  readonly alphas: number[];
  /** k values beside it; the last one couples it to what has not been looked at yet */
  readonly betas: number[];
}

/** What is known after some steps. */
export interface NormalEstimate {
  /** Of σ₁. */
  readonly value: number;
  /** ‖mapᵀ·u − σ·v‖ if there were no rounding. */
  readonly residual: number;
}

/** Begins from this direction, with no step yet. */
export function beginNormalLanczos(direction: Float64Array): NormalLanczos {
  return { vectors: [unit(direction.slice()).vector], alphas: [], betas: [] };
}

/**
 * One step more: one product with mapᵀ·map. The vectors are made orthogonal to the last two only, which is enough
 * until a value has converged to half of the digits (Paige); who uses this stops earlier, and measures what came out.
 */
export function continueNormalLanczos(normal: Normal, { vectors, alphas, betas }: NormalLanczos): void {
  const k = alphas.length;
  const next = normal(vectors[k]);
  if (k > 0) axpy(-betas[k - 1], vectors[k - 1], next);
  const alpha = dotVectors(next, vectors[k]);
  axpy(-alpha, vectors[k], next);
  const { length, vector } = unit(next);
  alphas.push(alpha);
  betas.push(length);
  vectors.push(vector);
}

/** The largest singular value that the steps so far show. */
export function normalEstimate(state: NormalLanczos): NormalEstimate {
  const k = state.alphas.length;
  const { value, row } = leadingEigenvalue(tridiagonal(state), lastComponentOf(k));
  const sigma = Math.sqrt(Math.max(0, value));
  return { value: sigma, residual: sigma > 0 ? (state.betas[k - 1] * Math.abs(row[0])) / sigma : 0 };
}

/** The direction of that singular value, of length 1. */
export function normalDirection(state: NormalLanczos): Float64Array {
  const { vectors, alphas } = state;
  const identityRow = (i: number): Float64Array => Float64Array.from(alphas, (_, j) => +(i === j));
  const { row } = leadingEigenvalue(tridiagonal(state), identityRow);
  const sum = new Float64Array(vectors[0].length);
  row.forEach((weight, i) => axpy(weight, vectors[i], sum));
  return unit(sum).vector;
}

function tridiagonal({ alphas, betas }: NormalLanczos): Tridiagonal {
  return { diagonal: Float64Array.from(alphas), off: Float64Array.from(betas.slice(0, alphas.length - 1)) };
}

function unit(vector: Float64Array): { readonly length: number; readonly vector: Float64Array } {
  const length = norm(vector);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return { length, vector };
}
