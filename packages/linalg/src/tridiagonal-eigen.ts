import { hypotenuse } from "./hypotenuse.ts";
import type { Engine, Rows } from "./engine.ts";
import { referenceEngine } from "./reference-engine.ts";
import { takeQlSteps } from "./ql-steps.ts";
import { scaledToUnit } from "./scaled-to-unit.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** Beside the largest entry, what is so small counts as zero: a rotation by quotients of it would have no digits. */
const LEAST = 2 ** -900;

/**
 * Eigenvalues of a symmetric tridiagonal matrix by implicit QL steps with Wilkinson's shift, in no order.
 *
 * @param rows rotated along in place, one for each eigenvalue: given the rows of the identity they become the
 *   eigenvectors, given one column of it they become that component of each eigenvector, given none there are the values alone
 * @returns value i belongs to `rows[i]`
 * @throws LoraError NUMERIC when it does not converge
 * @see EISPACK tql2; Golub & Van Loan §8.3.5
 */
export function tridiagonalEigen(
  matrix: Tridiagonal,
  rows: Float64Array[],
  engine: Engine = referenceEngine,
): Float64Array {
  return engine.withRows(rows, (held) => eigenvalues(matrix, held));
}

function eigenvalues(matrix: Tridiagonal, rows: Rows): Float64Array {
  const { unit, values, off } = scaledToUnit(matrix);
  takeQlSteps(values.length, {
    least: LEAST,
    endOfBlock: (first, rounding) => endOfBlock({ values, off, rounding }, first),
    step: (first, last) => stepQl({ values, off, rows }, first, last),
  });
  return values.map((value) => value * unit);
}

/** The first index from `first` on that is coupled to its successor by no more than rounding. */
function endOfBlock(
  { values, off, rounding }: Omit<State, "rows"> & { rounding: number },
  first: number,
): number {
  let last = first;
  while (last < values.length - 1) {
    const neighbours = Math.abs(values[last]) + Math.abs(values[last + 1]);
    if (Math.abs(off[last]) <= Math.max(rounding, Number.EPSILON * neighbours)) break;
    last++;
  }
  return last;
}

interface State {
  readonly values: Float64Array;
  readonly off: Float64Array;
  readonly rows: Rows;
}

/** One implicit QL step on the block `first` … `last`: chases the bulge from its bottom to its top. */
function stepQl({ values, off, rows }: State, first: number, last: number): void {
  let g = values[last] - values[first] + shiftOf(values, off, first);
  let [c, s, p] = [1, 1, 0];
  for (let i = last - 1; i >= first; i--) {
    const f = s * off[i];
    const b = c * off[i];
    const r = hypotenuse(f, g);
    off[i + 1] = r;
    if (r === 0) {
      values[i + 1] -= p;
      off[last] = 0;
      return;
    }
    s = f / r;
    c = g / r;
    g = values[i + 1] - p;
    const t = (values[i] - g) * s + 2 * c * b;
    p = s * t;
    values[i + 1] = g + p;
    g = c * t - b;
    if (rows.count > 0) rows.rotate(i, i + 1, { c, s });
  }
  values[first] -= p;
  off[first] = g;
  off[last] = 0;
}

/** What Wilkinson's shift leaves of the leading value: off² / (half the difference ± its hypotenuse with off). */
function shiftOf(values: Float64Array, off: Float64Array, first: number): number {
  const half = (values[first + 1] - values[first]) / (2 * off[first]);
  return off[first] / (half + (half < 0 ? -1 : 1) * hypotenuse(half, 1));
}
