import { expect, test } from "vitest";
import { expectOrthonormal, minus, withValues } from "./checks.test-helper.ts";
import { identity } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import { referenceEngine } from "./reference-engine.ts";
import { rotateFew } from "./rotate-few.ts";
import { rowsOf } from "./rows-of.ts";

const TOLERANCE = 1e-14;

/** Rows of lengths 1, 2, 3 … that are orthogonal but for `coupling` between the pairs that are named. */
function nearly(
  size: number,
  pairs: readonly (readonly [number, number])[],
  coupling: number,
): Float64Matrix {
  const rows = withValues([size, size], Array<number>(size).fill(1), 1);
  for (let i = 0; i < size; i++) for (let k = 0; k < size; k++) rows.data[i * size + k] *= i + 1;
  for (const [i, j] of pairs) {
    for (let k = 0; k < size; k++) rows.data[i * size + k] += coupling * rows.data[j * size + k];
  }
  return rows;
}

function rotated(rows: Float64Matrix): boolean {
  const products = multiply(rows, rows, { transB: true });
  return rotateFew(referenceEngine, [rowsOf(rows)], products, TOLERANCE);
}

test("pairs that are off by little become orthogonal, which is then sure", () => {
  const rows = nearly(
    9,
    [
      [0, 4],
      [4, 7],
      [2, 3],
    ],
    1e-9,
  );
  expect(rotated(rows)).toBe(true);
  const units = rowsOf(rows).map((row) => row.map((value) => value / norm(row)));
  const q = { rows: 9, cols: 9, data: Float64Array.from(units.flatMap((each) => [...each])) };
  expectOrthonormal(q);
});

test("it is not sure where pairs are far from orthogonal, or vectors of equal length meet", () => {
  expect(rotated(nearly(9, [[0, 4]], 0.1))).toBe(false);
  const equal = minus(identity(6), { rows: 6, cols: 6, data: new Float64Array(36).fill(1e-9) });
  expect(rotated(equal)).toBe(false);
});

test("it gives up where there is more to rotate than sweeps would", () => {
  const all = Array.from({ length: 60 }, (_, i) =>
    Array.from({ length: i }, (_unused, j) => [i, j] as const),
  ).flat();
  expect(rotated(nearly(60, all, 1e-9))).toBe(false);
});
