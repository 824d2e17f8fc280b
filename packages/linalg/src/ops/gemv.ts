import { axpy } from "./axpy.ts";
import type { Strided } from "./strided.ts";

/**
 * c += alpha · a · b where b and c have one column: rows of `a` against b, or columns of `a` added up,
 * whichever are contiguous. f64 sums; bounded by reading `a` once.
 */
export function gemv(alpha: number, a: Strided, b: Strided, c: Strided<Float64Array>): void {
  const x = Float64Array.from({ length: b.rows }, (_, i) => alpha * b.data[i * b.rowStep]);
  const y = new Float64Array(a.rows);
  if (a.colStep === 1) dotRows(a, x, y);
  else addColumns(a, x, y);
  for (let i = 0; i < y.length; i++) c.data[i * c.rowStep] += y[i];
}

/** Four rows at a time, so that x is read once for four sums. */
function dotRows(a: Strided, x: Float64Array, y: Float64Array): void {
  const { data, rows, cols, rowStep } = a;
  for (let i = 0; i < rows; i += 4) {
    const [s1, s2, s3] = [1, 2, 3].map((next) => Math.min(next, rows - 1 - i) * rowStep);
    let y0 = 0;
    let y1 = 0;
    let y2 = 0;
    let y3 = 0;
    for (let j = 0, at = i * rowStep; j < cols; j++, at++) {
      const xj = x[j];
      y0 += data[at] * xj;
      y1 += data[at + s1] * xj;
      y2 += data[at + s2] * xj;
      y3 += data[at + s3] * xj;
    }
    y.set([y0, y1, y2, y3].slice(0, rows - i), i);
  }
}

/** Four columns at a time, so that y is read and written once for four terms. */
function addColumns(a: Strided, x: Float64Array, y: Float64Array): void {
  const { data, rows, cols, colStep } = a;
  let j = 0;
  for (; j + 3 < cols; j += 4) {
    const [x0, x1, x2, x3] = x.subarray(j, j + 4);
    for (let i = 0, at = j * colStep; i < rows; i++, at++) {
      y[i] +=
        data[at] * x0 + data[at + colStep] * x1 + (data[at + 2 * colStep] * x2 + data[at + 3 * colStep] * x3);
    }
  }
  for (; j < cols; j++) axpy(x[j], data.subarray(j * colStep, j * colStep + rows), y);
}
