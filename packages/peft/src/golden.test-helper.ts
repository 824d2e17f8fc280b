import { type Float64Matrix, maxAbs, type Matrix } from "@lora/linalg";

/** A matrix as the golden files hold it. */
export interface Listed {
  readonly rows: number;
  readonly cols: number;
  readonly data: readonly number[];
}

/** The matrix of a golden file. */
export function listed({ rows, cols, data }: Listed): Float64Matrix {
  return { rows, cols, data: Float64Array.from(data) };
}

/** max |a − b| / max |b|; NaN where the sizes differ. */
export function relativeDifference(a: Matrix, b: Matrix): number {
  if (a.rows !== b.rows || a.cols !== b.cols) return Number.NaN;
  return maxAbs({ ...a, data: Float64Array.from(a.data, (value, i) => value - b.data[i]!) }) / maxAbs(b);
}
