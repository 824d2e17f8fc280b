import type { Matrix, Svd } from "@lora/linalg";
import { columns, transpose } from "@lora/linalg";

/** Thin factors of an update: up (out × k), down (k × in). */
export interface KeptFactors {
  readonly up: Matrix;
  readonly down: Matrix;
}

/**
 * `gain · Σ σᵢ·uᵢ·vᵢᵀ` over the kept pairs as up · down, with √(gain·σᵢ) on either side: columns of up and
 * rows of down of equal norm waste least of a narrow float range.
 *
 * @param kept ascending indices of singular pairs
 * @param gain > 0
 */
export function balancedFactors(svd: Svd, kept: readonly number[], gain: number): KeptFactors {
  const weights = kept.map((index) => Math.sqrt(gain * svd.s[index]!));
  const up = scaledColumns(columns(svd.u, kept), weights);
  const down = transpose(scaledColumns(columns(svd.v, kept), weights));
  return { up, down };
}

/** Column j times weights[j]. */
export function scaledColumns(a: Matrix, weights: ArrayLike<number>): Matrix {
  const data = new Float64Array(a.rows * a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) data[i * a.cols + j] = a.data[i * a.cols + j]! * weights[j]!;
  }
  return { rows: a.rows, cols: a.cols, data };
}
