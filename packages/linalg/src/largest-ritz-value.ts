import type { Bidiagonalisation } from "./lanczos.ts";
import { lastComponentOf, leadingEigenvalue } from "./leading-eigenvalue.ts";

/** The largest singular value of B, and the residual of its vectors. */
export interface RitzValue {
  readonly value: number;
  /** Some singular value of the map is within this distance of `value`. */
  readonly residual: number;
}

/**
 * What a bidiagonalisation says of σ₁: the root of the largest eigenvalue of B·Bᵀ, which is tridiagonal.
 *
 * @see Parlett, The Symmetric Eigenvalue Problem §11.7, for the residual
 */
export function largestRitzValue({ alphas, betas }: Pick<Bidiagonalisation, "alphas" | "betas">): RitzValue {
  const k = alphas.length;
  const unit = alphas.concat(betas).reduce((largest, value) => Math.max(largest, value), 0);
  if (unit === 0) return { value: 0, residual: 0 }; // else it keeps the squares in range
  const [a, b] = [alphas.map((alpha) => alpha / unit), betas.map((beta) => beta / unit)];
  const diagonal = Float64Array.from(a, (alpha, i) => alpha * alpha + (i < k - 1 ? b[i] * b[i] : 0));
  const off = Float64Array.from({ length: k - 1 }, (_, i) => b[i] * a[i + 1]);
  const { value, row } = leadingEigenvalue({ diagonal, off }, lastComponentOf(k));
  return { value: unit * Math.sqrt(value), residual: betas[k - 1] * Math.abs(row[0]) };
}
