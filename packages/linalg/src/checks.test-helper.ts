import * as fc from "fast-check";
import { expect } from "vitest";
import { transpose } from "./arrange.ts";
import { identity } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { toFloat64 } from "./float64-matrix.ts";
import type { Matrix, Svd } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { axpy } from "./ops/axpy.ts";
import { randomMatrix } from "./random-matrix.ts";

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

/** a − b */
export function minus(a: Matrix, b: Matrix): Float64Matrix {
  expect([a.rows, a.cols]).toEqual([b.rows, b.cols]);
  const difference = Float64Array.from(a.data);
  axpy(-1, b.data, difference);
  return { rows: a.rows, cols: a.cols, data: difference };
}

/** a · diag(s) */
export function timesDiagonal(a: Matrix, s: ArrayLike<number>): Float64Matrix {
  const scaled = toFloat64(a).data.map((value, index) => value * s[index % a.cols]);
  return { rows: a.rows, cols: a.cols, data: scaled };
}

/** u · diag(s) · vᵀ */
export function rebuild({ u, s, v }: Svd): Float64Matrix {
  return multiply(timesDiagonal(u, s), v, { transB: true });
}

/** Columns of q are orthonormal: |qᵀq − I| ≤ 100·n·ε, n its larger side. */
export function expectOrthonormal(q: Matrix): void {
  const error = maxAbs(minus(multiply(q, q, { transA: true }), identity(q.cols)));
  expect(error).toBeLessThanOrEqual(100 * Math.max(q.rows, q.cols, 1) * Number.EPSILON);
}

/** An SVD of `a`, thin, descending, and rebuilding it to 100·n·ε·σ₁, n its larger side. */
export function expectSvdOf(a: Matrix, svd: Svd): void {
  const { u, s, v } = svd;
  expect([u.rows, v.rows, s.length]).toEqual([a.rows, a.cols, Math.min(a.rows, a.cols)]);
  expectOrthonormal(u);
  expectOrthonormal(v);
  expectDescending(s);
  const bound = 100 * Math.max(a.rows, a.cols, 1) * Number.EPSILON * (s[0] ?? 0);
  expect(maxAbs(minus(rebuild(svd), a))).toBeLessThanOrEqual(bound);
}

/** s₀ ≥ s₁ ≥ … ≥ 0 */
function expectDescending(s: Float64Array): void {
  for (let i = 0; i < s.length; i++) expect(s[i]).toBeGreaterThanOrEqual(s[i + 1] ?? 0);
}

/** Every value within `bound` of what is expected. */
export function expectWithin(actual: ArrayLike<number>, expected: ArrayLike<number>, bound: number): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `value ${i}`).toBeLessThanOrEqual(bound);
  }
}

/** An m × n matrix with these singular values and random singular vectors. */
export function withValues(
  [m, n]: readonly [number, number],
  values: readonly number[],
  seed: number,
): Float64Matrix {
  const [left, right] = [orthonormal(m, values.length, seed), orthonormal(n, values.length, seed + 1)];
  return multiply(timesDiagonal(left, values), right, { transB: true });
}

/** Gram–Schmidt, twice, on random columns: written apart from what is tested with it. */
function orthonormal(rows: number, cols: number, seed: number): Float64Matrix {
  const basis: Float64Array[] = [];
  const random = transpose(randomMatrix(rows, cols, seed));
  for (let j = 0; j < cols; j++) {
    const vector = random.data.slice(j * rows, (j + 1) * rows);
    for (const other of [...basis, ...basis]) {
      const along = vector.reduce((sum, value, i) => sum + value * other[i], 0);
      axpy(-along, other, vector);
    }
    const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
    basis.push(vector.map((value) => value / length));
  }
  return transpose({ rows: cols, cols: rows, data: Float64Array.from(basis.flatMap((each) => [...each])) });
}

/** Random shapes with entries over many magnitudes, some zero. */
export const anyMatrix: fc.Arbitrary<Float64Matrix> = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, cols }) =>
    fc
      .array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
        minLength: rows * cols,
        maxLength: rows * cols,
      })
      .map((data) => ({ rows, cols, data: Float64Array.from(data) })),
  );
