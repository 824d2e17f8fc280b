import type { Matrix } from "@lora/linalg";

/** Mean and variance of every column of samples seen so far. */
export interface Moments {
  readonly mean: Float64Array;
  /** Of the population: divided by the number of samples. */
  readonly variance: Float64Array;
  readonly samples: number;
}

/**
 * The moments after more samples, in doubles, without the sum of squares that would cancel.
 *
 * @param samples n × columns
 * @see Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances" (1979)
 */
export function addMoments(before: Moments | undefined, samples: Matrix): Moments {
  const now = momentsOf(samples);
  if (before === undefined) return now;
  const [n, m] = [before.samples, now.samples];
  const mean = now.mean.map((value, j) => (before.mean[j]! * n + value * m) / (n + m));
  const variance = now.variance.map((value, j) => {
    const apart = before.mean[j]! - now.mean[j]!;
    return (before.variance[j]! * n + value * m + (apart * apart * n * m) / (n + m)) / (n + m);
  });
  return { mean, variance, samples: n + m };
}

function momentsOf({ rows, cols, data }: Matrix): Moments {
  const mean = new Float64Array(cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) mean[j]! += data[i * cols + j]! / rows;
  const variance = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) variance[j]! += (data[i * cols + j]! - mean[j]!) ** 2 / rows;
  }
  return { mean, variance, samples: rows };
}
