import { LoraError } from "@lora/tensor";

/** What has a shape. */
interface Sized {
  readonly rows: number;
  readonly cols: number;
}

/**
 * The one shape that updates have.
 *
 * @throws LoraError SHAPE when they differ, or there are none
 */
export function commonSize(updates: readonly Sized[]): Sized {
  const [first] = updates;
  if (first === undefined || updates.some(({ rows, cols }) => rows !== first.rows || cols !== first.cols)) {
    throw new LoraError(
      "SHAPE",
      "updates that are combined must have one shape, and there must be one at least",
      { shapes: updates.map(({ rows, cols }) => [rows, cols]) },
    );
  }
  return { rows: first.rows, cols: first.cols };
}

/** The shape of a product. */
export function sizeOf({
  up,
  down,
}: {
  readonly up: { rows: number };
  readonly down: { cols: number };
}): Sized {
  return { rows: up.rows, cols: down.cols };
}
