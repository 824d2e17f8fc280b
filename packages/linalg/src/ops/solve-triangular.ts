import type { Float64Matrix } from "../float64-matrix.ts";
import { gemm } from "./gemm.ts";
import { block, strided, transposed } from "./strided.ts";

/** Columns solved one by one; what earlier columns contribute to a group goes through gemm. */
const GROUP = 16;

/**
 * x ← x · l⁻ᵀ in place, l lower triangular with a non-zero diagonal: backward stable row by row, unlike a
 * product with the inverse (Higham, Accuracy and Stability §8.1). m·n² operations.
 */
export function solveTriangular(x: Float64Matrix, l: Float64Matrix): void {
  const [xs, ls] = [strided(x), strided(l)];
  for (let from = 0; from < x.cols; from += GROUP) {
    const group = [from, Math.min(from + GROUP, x.cols)] as const;
    if (from > 0) {
      const solved = block(xs, [0, x.rows], [0, from]);
      const weights = transposed(block(ls, group, [0, from]));
      gemm(-1, solved, weights, block(xs, [0, x.rows], group));
    }
    for (let row = 0; row < x.rows; row++) substitute(x.data, row * x.cols, l, group);
  }
}

function substitute(
  x: Float64Array,
  at: number,
  l: Float64Matrix,
  [from, to]: readonly [number, number],
): void {
  for (let j = from; j < to; j++) {
    const row = j * l.cols;
    let value = x[at + j];
    for (let k = from; k < j; k++) value -= l.data[row + k] * x[at + k];
    x[at + j] = value / l.data[row + j];
  }
}
