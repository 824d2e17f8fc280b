import { expect, test } from "vitest";
import { minus, withValues } from "./checks.test-helper.ts";
import { identity } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { norm } from "./ops/norm.ts";
import { referenceEngine } from "./reference-engine.ts";
import { rotateOnce } from "./rotate-once.ts";
import { rowsOf } from "./rows-of.ts";

const TOLERANCE = 1e-14;
const LIMITS = { size: 1, tolerance: TOLERANCE };

/** Rows of lengths 1, 1/4, 1/16 … that are orthogonal but for what is added: the first of a pair, times `coupling`, to the second. */
function nearly(
  size: number,
  pairs: readonly (readonly [number, number])[],
  coupling: number,
): Float64Matrix {
  const rows = withValues([size, size], Array<number>(size).fill(1), 1);
  for (let i = 0; i < size; i++) for (let k = 0; k < size; k++) rows.data[i * size + k] *= 4 ** -i;
  for (const [i, j] of pairs) {
    for (let k = 0; k < size; k++) rows.data[j * size + k] += coupling * 4 ** -j * rows.data[i * size + k];
  }
  return rows;
}

/** Whether the cosines of all pairs are within the tolerance and a rounding error. */
function orthogonal(rows: Float64Matrix): boolean {
  const units = rowsOf(rows).map((row) => row.map((value) => value / norm(row)));
  const q = { rows: rows.rows, cols: rows.cols, data: Float64Array.from(units.flatMap((each) => [...each])) };
  const off = minus(multiply(q, q, { transB: true }), identity(rows.rows));
  return maxAbs(off) <= TOLERANCE + 4 * rows.cols * Number.EPSILON;
}

test("pairs that are off by little become orthogonal, and others are rotated along", () => {
  const rows = nearly(
    9,
    [
      [0, 4],
      [4, 7],
      [2, 3],
    ],
    1e-9,
  );
  const [before, turn] = [{ ...rows, data: rows.data.slice() }, identity(9)];
  expect(orthogonal(rows)).toBe(false);
  expect(rotateOnce(referenceEngine, [rows, turn], LIMITS)).toBe(true);
  expect(orthogonal(rows)).toBe(true);
  expect(maxAbs(minus(multiply(turn, before), rows))).toBeLessThanOrEqual(100 * 9 * Number.EPSILON);
});

test("it is not sure where pairs are far from orthogonal, or short vectors of equal length meet", () => {
  const [far, equal] = [nearly(9, [[0, 4]], 0.1), identity(6)];
  equal.data.forEach(
    (value, i) => (equal.data[i] = i === 0 ? 1 : i % 6 > 0 && i > 5 ? 1e-3 * (value - 1e-9) : 0),
  );
  for (const rows of [far, equal]) {
    const before = rows.data.slice();
    expect(rotateOnce(referenceEngine, [rows], LIMITS)).toBe(false);
    expect(rows.data).toEqual(before);
  }
});

test("what rounding cannot have left is not looked for", () => {
  const rows = minus(identity(6), { rows: 6, cols: 6, data: new Float64Array(36).fill(1e-12) });
  expect(rotateOnce(referenceEngine, [rows], LIMITS)).toBe(true);
});
