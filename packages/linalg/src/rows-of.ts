import type { Float64Matrix } from "./float64-matrix.ts";

/** The rows of a matrix, or those from `first` to `last` (exclusive). No copy. */
export function rowsOf({ rows, cols, data }: Float64Matrix, first = 0, last: number = rows): Float64Array[] {
  return Array.from({ length: last - first }, (_, i) =>
    data.subarray((first + i) * cols, (first + i + 1) * cols),
  );
}
