import type { Matrix } from "@lora/linalg";

/** a / b for a, b ≥ 0, with 0 / 0 = 0: nothing is no part of anything. */
export function ratio(a: number, b: number): number {
  return a === 0 ? 0 : a / b;
}

/** σᵢ² / Σσ²; all 0 for a zero update. Does not overflow. */
export function energyShares(s: Float64Array): Float64Array {
  const largest = s.length > 0 ? s[0] : 0;
  const energies = s.map((value) => ratio(value, largest) ** 2);
  const total = energies.reduceRight((sum, value) => sum + value, 0);
  return energies.map((value) => ratio(value, total));
}

/** Σ over the rows of aᵢⱼ·bᵢⱼ, for each column j. */
export function columnDots(a: Matrix, b: Matrix): Float64Array {
  const sums = new Float64Array(a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) sums[j] += a.data[i * a.cols + j] * b.data[i * b.cols + j];
  }
  return sums;
}

/** The norm of each column. */
export function columnNorms(a: Matrix): Float64Array {
  return columnDots(a, a).map(Math.sqrt);
}
