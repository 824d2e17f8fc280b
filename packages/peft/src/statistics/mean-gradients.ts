import { type Matrix, scaled } from "@lora/linalg";
import { LoraError } from "@lora/tensor";

/** Gradients of the loss by weights in one backward pass, out × in, by module. */
export type GradientBatch = ReadonlyMap<string, Matrix>;

/**
 * The mean gradient of each module over backward passes: what the initialiser `lora_ga` takes. A module that is not in
 * a batch had no gradient there, and is divided by its own count.
 *
 * @throws LoraError SHAPE when gradients of one module differ in size
 */
export async function meanGradients(
  batches: AsyncIterable<GradientBatch> | Iterable<GradientBatch>,
): Promise<ReadonlyMap<string, Matrix>> {
  const sums = new Map<string, { readonly sum: Matrix; readonly count: number }>();
  for await (const batch of batches) {
    for (const [module, gradient] of batch) {
      const before = sums.get(module);
      const sum = before === undefined ? scaled(gradient, 1) : added(before.sum, gradient, module);
      sums.set(module, { sum, count: (before?.count ?? 0) + 1 });
    }
  }
  return new Map([...sums].map(([module, { sum, count }]) => [module, scaled(sum, 1 / count)]));
}

/** Into `sum`. */
function added(sum: Matrix, gradient: Matrix, module: string): Matrix {
  if (sum.rows !== gradient.rows || sum.cols !== gradient.cols) {
    const sizes = [sum, gradient].map(({ rows, cols }) => `${rows} × ${cols}`);
    throw new LoraError("SHAPE", `gradients of ${sizes.join(" and of ")} are not of one module`, { module });
  }
  gradient.data.forEach((value, i) => (sum.data[i]! += value));
  return sum;
}
