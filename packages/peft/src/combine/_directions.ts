import type { Float64Matrix } from "@lora/linalg";

/** Updates as vectors on a sphere, turned around where their weight is negative. */
export interface Directions {
  readonly norms: readonly number[];
  /** Between the turned updates, −1 to 1; 0 where one of them is zero. */
  cosine(i: number, j: number): number;
  /** |wᵢ| / Σ|w| */
  readonly shares: readonly number[];
  /** Σ|w| */
  readonly total: number;
}

/** What the inner products of updates say of their lengths and angles. */
export function directionsOf(gram: Float64Matrix, weights: readonly number[]): Directions {
  const size = weights.length;
  const norms = weights.map((_, i) => Math.sqrt(Math.max(0, gram.data[i * size + i]!)));
  const total = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  return {
    norms,
    cosine(i, j) {
      const length = norms[i]! * norms[j]!;
      if (length === 0) return 0;
      const sign = Math.sign(weights[i]!) * Math.sign(weights[j]!);
      return sign * Math.min(1, Math.max(-1, gram.data[i * size + j]! / length));
    },
    shares: weights.map((weight) => Math.abs(weight) / total),
    total,
  };
}
