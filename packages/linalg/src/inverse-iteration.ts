import { norm } from "./ops/norm.ts";
import { seededRandom } from "./seeded-random.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** Solutions for one vector after which it is said not to converge; two are usual. */
const MOST_SOLUTIONS = 5;

/** T − value·I = P·L·U: what elimination with row exchanges leaves. */
interface Elimination {
  /** Reciprocals of the diagonal of U; the entries one and two right of it. */
  readonly pivots: Float64Array;
  readonly next: Float64Array;
  readonly afterNext: Float64Array;
  /** Of the row that is taken off, and whether it was exchanged before. */
  readonly factors: Float64Array;
  readonly exchanged: Uint8Array;
}

/**
 * Unit eigenvectors of a symmetric tridiagonal matrix for values that are exact to rounding, in the order of `values`:
 * each solves with the shifted matrix, from a random start, until the residual is below 4·n·2⁻⁵²·‖T‖. O(n) a vector.
 * Those of close values are not orthogonal, but for what is left of the distance, relative to rounding.
 *
 * @returns one vector a row, or `undefined` when one does not converge
 * @see Wilkinson, The Algebraic Eigenvalue Problem, §9.53 to 9.56; EISPACK tinvit
 */
export function inverseIteration(matrix: Tridiagonal, values: Float64Array): Float64Array[] | undefined {
  const n = matrix.diagonal.length;
  const size = Math.max(largest(matrix.diagonal), largest(matrix.off)) * 3;
  const smallest = Number.EPSILON * size;
  if (!(smallest > 0)) return undefined;
  const random = seededRandom(n);
  const start = Float64Array.from({ length: n }, () => 0.5 + random.uniform());
  const elimination = emptyElimination(n);
  const vectors: Float64Array[] = [];
  for (const value of values) {
    eliminate(matrix, value, smallest, elimination);
    const vector = start.slice();
    if (!converge(elimination, vector, 1 / (4 * n * smallest))) return undefined;
    vectors.push(vector);
  }
  return vectors;
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}

function emptyElimination(n: number): Elimination {
  const [pivots, next, afterNext, factors] = Array.from({ length: 4 }, () => new Float64Array(n));
  return { pivots, next, afterNext, factors, exchanged: new Uint8Array(n) };
}

/** Solves again and again until a unit vector grows as much as it does where its value is one to rounding. */
function converge(elimination: Elimination, vector: Float64Array, enough: number): boolean {
  // Half a solution first: that the start is random on the left of P·L is as good as that it is.
  substitute(elimination, vector);
  for (let solution = 0; solution < MOST_SOLUTIONS; solution++) {
    const before = norm(vector);
    if (!(before < Infinity)) return false;
    for (let i = 0; i < vector.length; i++) vector[i] /= before;
    if (solution > 0 && before > enough) return true;
    takeOff(elimination, vector);
    substitute(elimination, vector);
  }
  return false;
}

/** Row by row, the larger of two candidates becoming the pivot; one below `smallest` is lifted to it. */
function eliminate(
  { diagonal, off }: Tridiagonal,
  value: number,
  smallest: number,
  { pivots, next, afterNext, factors, exchanged }: Elimination,
): void {
  const last = diagonal.length - 1;
  let pivot = diagonal[0] - value;
  let right = off[0];
  for (let i = 0; i < last; i++) {
    const below = off[i];
    const middle = diagonal[i + 1] - value;
    const outer = i + 1 < last ? off[i + 1] : 0;
    if (Math.abs(below) > Math.abs(pivot)) {
      const reciprocal = 1 / below;
      pivots[i] = reciprocal;
      next[i] = middle;
      afterNext[i] = outer;
      exchanged[i] = 1;
      factors[i] = pivot * reciprocal;
      pivot = right - factors[i] * middle;
      right = -factors[i] * outer;
    } else {
      const reciprocal = 1 / lifted(pivot, smallest);
      pivots[i] = reciprocal;
      next[i] = right;
      afterNext[i] = 0;
      exchanged[i] = 0;
      factors[i] = below * reciprocal;
      pivot = middle - factors[i] * right;
      right = outer;
    }
  }
  pivots[last] = 1 / lifted(pivot, smallest);
}

function lifted(pivot: number, smallest: number): number {
  if (Math.abs(pivot) >= smallest) return pivot;
  return pivot < 0 ? -smallest : smallest;
}

/** x ← L⁻¹·Pᵀ·x */
function takeOff({ factors, exchanged }: Elimination, x: Float64Array): void {
  let current = x[0];
  for (let i = 0; i < x.length - 1; i++) {
    const following = x[i + 1];
    if (exchanged[i] === 1) {
      x[i] = following;
      current -= factors[i] * following;
    } else {
      x[i] = current;
      current = following - factors[i] * current;
    }
  }
  x[x.length - 1] = current;
}

/** x ← U⁻¹·x */
function substitute({ pivots, next, afterNext }: Elimination, x: Float64Array): void {
  let [after, afterThat] = [0, 0];
  for (let i = x.length - 1; i >= 0; i--) {
    const value = (x[i] - next[i] * after - afterNext[i] * afterThat) * pivots[i];
    x[i] = value;
    afterThat = after;
    after = value;
  }
}
