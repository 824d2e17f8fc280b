import { type EngineOptions, type Matrix, multiply, scaled } from "@lora/linalg";
import { LoraError } from "@lora/tensor";

/** A sum of Gram matrices of inputs, and of how many batches. */
export interface CovarianceSum {
  /** in × in */
  readonly sum: Matrix;
  readonly batches: number;
}

/**
 * Adds the Gram matrix of a batch, divided by its largest value (not: magnitude) as CorDA does. tokens·in² operations.
 *
 * @param inputs tokens × in
 * @throws LoraError NUMERIC when the largest value is 0 or not finite; SHAPE when the width differs
 */
export function addToCovariance(
  before: CovarianceSum | undefined,
  inputs: Matrix,
  { engine }: EngineOptions = {},
): CovarianceSum {
  let largest = Number.NEGATIVE_INFINITY;
  for (const value of inputs.data) largest = value > largest || Number.isNaN(value) ? value : largest;
  if (!Number.isFinite(largest) || largest === 0) {
    throw new LoraError("NUMERIC", `inputs cannot be divided by their largest value, ${largest}`, {
      largest,
      advice: "record the inputs again, or leave this module out",
    });
  }
  if (before !== undefined && before.sum.cols !== inputs.cols) {
    throw new LoraError(
      "SHAPE",
      `inputs of ${before.sum.cols} and of ${inputs.cols} values are not of one module`,
      {
        before: before.sum.cols,
        now: inputs.cols,
      },
    );
  }
  const sum = multiply(inputs, inputs, { transA: true, alpha: 1 / largest ** 2, engine });
  if (before !== undefined) before.sum.data.forEach((value, i) => (sum.data[i]! += value));
  return { sum, batches: (before?.batches ?? 0) + 1 };
}

/** The mean over batches: what the initialiser `corda` takes. */
export function covarianceOf({ sum, batches }: CovarianceSum): Matrix {
  return scaled(sum, 1 / batches);
}
