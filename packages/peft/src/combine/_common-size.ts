import { LoraError } from "@lora/tensor";
import type { StoredFactors } from "../delta.ts";

/**
 * The one shape that updates have.
 *
 * @throws LoraError SHAPE when they differ, or there are none
 */
export function commonSize(updates: readonly StoredFactors[]): {
  readonly rows: number;
  readonly cols: number;
} {
  const sizes = updates.map(({ up, down }) => [up.rows, down.cols] as const);
  const [first] = sizes;
  if (first === undefined || sizes.some(([rows, cols]) => rows !== first[0] || cols !== first[1])) {
    throw new LoraError(
      "SHAPE",
      "updates that are combined must have one shape, and there must be one at least",
      { shapes: sizes },
    );
  }
  return { rows: first[0], cols: first[1] };
}
