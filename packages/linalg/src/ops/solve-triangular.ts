import type { Engine } from "../engine.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import { block, strided, transposed } from "./strided.ts";

/** Columns solved one by one; what earlier columns contribute to a group is a product. */
const GROUP = 16;

/**
 * x ← x · l⁻ᵀ in place, l lower triangular with a non-zero diagonal: backward stable row by row, unlike a
 * product with the inverse (Higham, Accuracy and Stability §8.1). m·n² operations.
 */
export function solveTriangular({ gemm }: Pick<Engine, "gemm">, x: Float64Matrix, l: Float64Matrix): void {
  const [xs, ls] = [strided(x), strided(l)];
  for (let from = 0; from < x.cols; from += GROUP) {
    const group = [from, Math.min(from + GROUP, x.cols)] as const;
    if (from > 0) {
      const solved = block(xs, [0, x.rows], [0, from]);
      const weights = transposed(block(ls, group, [0, from]));
      gemm({ a: solved, b: weights, c: block(xs, [0, x.rows], group), alpha: -1, add: true });
    }
    for (let row = 0; row < x.rows; row += 4) substitute(x, row, l, group);
  }
}

/** Four rows at once, which hides the latency of their sums; past the end the last row again, in step with itself. */
function substitute(
  x: Float64Matrix,
  row: number,
  l: Float64Matrix,
  [from, to]: readonly [number, number],
): void {
  const { rows, cols, data } = x;
  const [at0, at1, at2, at3] = [0, 1, 2, 3].map((next) => Math.min(row + next, rows - 1) * cols);
  for (let j = from; j < to; j++) {
    let x0 = data[at0 + j];
    let x1 = data[at1 + j];
    let x2 = data[at2 + j];
    let x3 = data[at3 + j];
    for (let k = from, at = j * cols + from; k < j; k++, at++) {
      const weight = l.data[at];
      x0 -= weight * data[at0 + k];
      x1 -= weight * data[at1 + k];
      x2 -= weight * data[at2 + k];
      x3 -= weight * data[at3 + k];
    }
    const diagonal = l.data[j * cols + j];
    data[at0 + j] = x0 / diagonal;
    data[at1 + j] = x1 / diagonal;
    data[at2 + j] = x2 / diagonal;
    data[at3 + j] = x3 / diagonal;
  }
}
