import type { Float64Matrix } from "./float64-matrix.ts";

/** Products that an engine may sum in f32 before it adds the sum to a double, where a Gram matrix need not have all digits. */
export const GRAM_RUN = 32;

/** Half an ulp of f32. */
const UNIT_ROUNDOFF = 2 ** -24;

/** What squares of an entry, and products of the squared lengths of its columns, have for a share in its variance. */
const [AGREEING, RANDOM] = [(GRAM_RUN / 3) ** 2, GRAM_RUN / 6];

/** A Gram matrix that was summed in runs, in the spectral norm. */
export interface GramOfRuns {
  /** Its norm at most: the largest sum of a row's absolute values. */
  readonly size: number;
  /** About the most that it is off by. */
  readonly error: number;
}

/**
 * How large g = xᵀ·x is, and how exact. Where rounding errors are independent, the error is twice the root of the largest sum of a
 * row's variances, and twice that of the largest variance: in runs of K products, sums of what agrees grow with the number of
 * products, and those of random signs with its root, so that entry i, j has the variance u²/m·((K/3)²·gᵢⱼ² + K/6·gᵢᵢ·gⱼⱼ) with
 * u = 2⁻²⁴. Short values meet ties, which leave an even sum, so that the next goes down: what agrees is too small by up to u.
 *
 * @param m rows of x
 * @see Higham & Mary, "A new approach to probabilistic rounding error analysis" (2019), for sums; Bandeira & van Handel, "Sharp
 *   nonasymptotic bounds on the norm of random matrices with independent entries" (2016)
 */
export function gramOfRuns({ rows, data }: Float64Matrix, m: number): GramOfRuns {
  let [trace, largest] = [0, 0];
  for (let at = 0; at < data.length; at += rows + 1) {
    trace += data[at];
    largest = Math.max(largest, data[at]);
  }
  let [size, most] = [0, 0];
  for (let i = 0; i < rows; i++) {
    let [sum, squares] = [0, 0];
    for (let at = i * rows; at < (i + 1) * rows; at++) {
      sum += Math.abs(data[at]);
      squares += data[at] * data[at];
    }
    size = Math.max(size, sum);
    most = Math.max(most, AGREEING * squares + RANDOM * data[i * (rows + 1)] * trace);
  }
  const roots = Math.sqrt(most) + Math.sqrt(AGREEING + RANDOM) * largest;
  return { size, error: UNIT_ROUNDOFF * (size + (2 * roots) / Math.sqrt(m)) };
}

/** How far an entry is off at most beside the lengths of its columns, of sums of `m` products with independent errors. */
export function roundoffOfRuns(m: number): number {
  return (GRAM_RUN * UNIT_ROUNDOFF) / Math.sqrt(m);
}
