import type { Matrix, MatrixLike } from "./matrix.ts";
import { multiply } from "./multiply.ts";

/** A matrix in memory as something to multiply with. */
export function matrixMap(a: Matrix): MatrixLike {
  return {
    rows: a.rows,
    cols: a.cols,
    multiply: (x) => multiply(a, x),
    multiplyTransposed: (x) => multiply(a, x, { transA: true }),
  };
}
