import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { inverseIteration } from "./inverse-iteration.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";
import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";
import { block, strided, transposed } from "./ops/strided.ts";
import { rowsOf } from "./rows-of.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** Vectors that are made orthogonal to those before them at once. */
const BLOCK = 32;

/**
 * The distance of two values, beside the size of the matrix, from which on their vectors are orthogonal as they come: rounding
 * leaves a cosine of the reciprocal times 2⁻⁵² and a constant, which for Gaussian matrices is a tenth.
 */
const APART = 1 / 256;

/** The largest cosine that is taken out in one pass; vectors closer than that may be of one direction. */
const MOST_COSINE = 0.1;

/**
 * Orthonormal eigenvectors of a symmetric tridiagonal matrix, one a row, for values that are exact to rounding: each by
 * inverse iteration, then Gram–Schmidt among those of close values. O(n) a vector and O(n) a pair of close ones.
 *
 * @param values descending
 * @returns `undefined` where values are so close that the vectors are nearly dependent
 */
export function tridiagonalVectors(
  engine: Engine,
  form: Tridiagonal,
  values: Float64Array,
): Float64Matrix | undefined {
  const vectors = inverseIteration(form, values);
  if (vectors === undefined) return undefined;
  const x = zeros(values.length, form.diagonal.length);
  vectors.forEach((vector, i) => x.data.set(vector, i * x.cols));
  const reach = APART * (maxAbsolute(form.diagonal) + maxAbsolute(form.off));
  const nearest = firstNear(values, reach);
  for (let first = 0; first < x.rows; first += BLOCK) {
    const last = Math.min(first + BLOCK, x.rows);
    const many = first - nearest[first] > BLOCK;
    if (many && !takeOff(engine, x, [nearest[first], first, last])) return undefined;
    const from = many ? first : nearest[first];
    const near = nearest.subarray(first, last).map((index) => Math.max(0, index - from));
    if (!separate(engine, rowsOf(x, from, last), near)) return undefined;
  }
  return x;
}

/** For each value the first that is within reach. */
function firstNear(values: Float64Array, reach: number): Int32Array {
  let near = 0;
  return Int32Array.from(values, (value) => {
    while (values[near] - value > reach) near++;
    return near;
  });
}

/** Takes out of rows `first` to `last` what lies in those from `near` to `first`, which are orthonormal. */
function takeOff(
  engine: Engine,
  x: Float64Matrix,
  [near, first, last]: readonly [near: number, first: number, last: number],
): boolean {
  const before = block(strided(x), [near, first], [0, x.cols]);
  const rows = block(strided(x), [first, last], [0, x.cols]);
  const cosines = zeros(last - first, first - near);
  engine.gemm({ a: rows, b: transposed(before), c: strided(cosines) });
  engine.gemm({ a: strided(cosines), b: before, c: rows, alpha: -1, add: true });
  return maxAbsolute(cosines.data) <= MOST_COSINE;
}

/** Each of the last vectors less its part in those before it from the one that is near on, of length 1. */
function separate(engine: Engine, vectors: readonly Float64Array[], near: Int32Array): boolean {
  return engine.withRows(vectors, (rows) => {
    const before = rows.count - near.length;
    for (let i = before; i < rows.count; i++) {
      const vector = rows.vector(i);
      for (let j = near[i - before]; j < i; j++) {
        const cosine = rows.dot(i, j, vector.length);
        if (!(Math.abs(cosine) <= MOST_COSINE)) return false;
        rows.axpy(-cosine, j, i, 0);
      }
      scale(1 / norm(vector), vector);
    }
    return true;
  });
}
