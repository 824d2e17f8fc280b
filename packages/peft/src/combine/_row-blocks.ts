import { type EngineOptions, multiply } from "@lora/linalg";
import type { StoredFactors } from "../delta.ts";

/** Entries of one update that are held at a time. */
const BLOCK_ENTRIES = 2 ** 18;

/** How many rows of a matrix of this width are worked on at a time. */
export function rowsAtOnce(cols: number): number {
  return Math.max(1, Math.floor(BLOCK_ENTRIES / Math.max(1, cols)));
}

/** Rows of an update, from `first` on: the product of those rows of `up` with `down`, rounded to f32. */
export function rowBlock(
  { up, down, scale }: StoredFactors,
  { first, count }: { readonly first: number; readonly count: number },
  { engine }: EngineOptions,
): Float32Array {
  const data = up.data.subarray(first * up.cols, (first + count) * up.cols);
  const rows = { ...up, rows: count, data } as typeof up;
  return multiply(rows, down, { alpha: scale, as: "f32", engine }).data as Float32Array;
}

/** All rows of an update, some at a time. */
export function* rowBlocks(update: StoredFactors, options: EngineOptions): Iterable<Float32Array> {
  const { rows } = update.up;
  const step = rowsAtOnce(update.down.cols);
  for (let first = 0; first < rows; first += step) {
    yield rowBlock(update, { first, count: Math.min(step, rows - first) }, options);
  }
}
