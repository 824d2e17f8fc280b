import { takeQlSteps } from "./ql-steps.ts";
import { scaledToUnit } from "./scaled-to-unit.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** A square of a cosine from which on neither it nor its reciprocal has lost digits. */
const LEAST = 2 ** -900;

/** A matrix whose entries are at most 2, its couplings squared. */
interface State {
  readonly values: Float64Array;
  /** Entry i is the square of what couples i and i + 1. */
  readonly squares: Float64Array;
}

/**
 * Eigenvalues of a symmetric tridiagonal matrix, in no order, exact to c·n·2⁻⁵²·‖T‖: QL steps with Wilkinson's shift that work on
 * the squares of the couplings and take no root, half the time of `tridiagonalEigen`.
 *
 * @throws LoraError NUMERIC when it does not converge
 * @see Parlett, The Symmetric Eigenvalue Problem §8.15 (Pal, Walker and Kahan); LAPACK dsterf
 */
export function tridiagonalValues(matrix: Tridiagonal): Float64Array {
  const { unit, values, off } = scaledToUnit(matrix);
  const squares = off.map((value) => value * value);
  takeQlSteps(values.length, {
    least: 0,
    endOfBlock: (first, rounding) => endOfBlock(values, squares, first, rounding),
    step: (first, last) => stepRootFree({ values, squares }, first, last),
  });
  return values.map((value) => value * unit);
}

/** The first index from `first` on that is coupled to its successor by no more than rounding. */
function endOfBlock(values: Float64Array, squares: Float64Array, first: number, rounding: number): number {
  let last = first;
  while (last < values.length - 1) {
    const neighbours = Number.EPSILON * (Math.abs(values[last]) + Math.abs(values[last + 1]));
    const least = neighbours > rounding ? neighbours : rounding;
    if (squares[last] <= least * least) break;
    last++;
  }
  return last;
}

/** One step on the block `first` … `last`: c and s are the squares of cosine and sine, `p` is γ² / c. */
function stepRootFree({ values, squares }: State, first: number, last: number): void {
  const shift = values[first] - shiftOf(values, squares, first);
  let c = 1;
  let s = 0;
  let gamma = values[last] - shift;
  let p = gamma * gamma;
  for (let i = last - 1; i >= first; i--) {
    const square = squares[i];
    const r = p + square;
    squares[i + 1] = s * r;
    const cBefore = c;
    const gammaBefore = gamma;
    c = p / r;
    const inverse = r / p; // of c, without waiting for it
    s = square / r;
    const value = values[i];
    gamma = c * (value - shift) - s * gammaBefore;
    values[i + 1] = gammaBefore + (value - gamma);
    p = c > LEAST ? gamma * gamma * inverse : c === 0 ? cBefore * square : (gamma * gamma) / c;
  }
  squares[first] = s * p;
  values[first] = shift + gamma;
  // The first turn wrote there what couples the block to the next one: nothing.
  squares[last] = 0;
}

/** What Wilkinson's shift leaves of the leading value: off² / (half the difference ± its hypotenuse with off). */
function shiftOf(values: Float64Array, squares: Float64Array, first: number): number {
  const half = (values[first + 1] - values[first]) / 2;
  const length = Math.sqrt(half * half + squares[first]);
  return squares[first] / (half < 0 ? half - length : half + length);
}
