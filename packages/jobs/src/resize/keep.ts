import type { Matrix, Svd } from "@lora/linalg";
import { columns, scaledColumns, transpose } from "@lora/linalg";

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
