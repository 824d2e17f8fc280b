import { describe, expect, test } from "vitest";
import { expectOrthonormal, minus, timesDiagonal, withValues } from "./checks.test-helper.ts";
import { choleskyQr2 } from "./cholesky-qr2.ts";
import { matrix, zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { thinQr } from "./thin-qr.ts";

/** Falling evenly on a logarithmic scale from 1 to 1/κ. */
function falling(count: number, condition: number): number[] {
  return Array.from({ length: count }, (_, i) => condition ** (-i / (count - 1)));
}

function expectQrOf(a: Matrix): void {
  const { q, r } = choleskyQr2(a);
  expectOrthonormal(q);
  for (let i = 0; i < r.rows; i++) for (let j = 0; j < i; j++) expect(r.data[i * r.cols + j]).toBe(0);
  const bound = 100 * a.rows * Number.EPSILON * maxAbs(a);
  expect(maxAbs(minus(multiply(q, r), a))).toBeLessThanOrEqual(bound);
}

/** Householder leaves negative diagonal entries for positive leading columns, Cholesky never does. */
function fellBack(a: Matrix): boolean {
  return choleskyQr2(a).r.data.join() === thinQr(a).r.data.join();
}

describe("as accurate as Householder at any condition", () => {
  test.each([1, 1e3, 1e6, 1e7, 3e7, 1e8, 1e9, 1e12, 1e16])("κ = %d", (condition) => {
    expectQrOf(withValues([200, 20], falling(20, condition), 1));
  });
});

test("the second pass repairs what κ = 1e7 does to the first; at 1e9 Householder takes over", () => {
  expect(fellBack(withValues([200, 20], falling(20, 1e7), 1))).toBe(false);
  expect(fellBack(withValues([200, 20], falling(20, 1e9), 1))).toBe(true);
});

test("columns of very different length are no reason to fall back", () => {
  const a = timesDiagonal(randomMatrix(50, 4, 2), [1e-100, 1, 1e20, 1e-5]);
  expect(fellBack(a)).toBe(false);
  expectQrOf(a);
});

test.each([
  ["wide", randomMatrix(3, 8, 3)],
  ["zero", zeros(6, 2)],
  ["a zero column", timesDiagonal(randomMatrix(9, 3, 4), [1, 0, 1])],
  [
    "a repeated column",
    matrix([
      [1, 1],
      [2, 2],
      [3, 3],
    ]),
  ],
  ["squares that overflow", timesDiagonal(randomMatrix(9, 3, 5), [1e200, 1, 1])],
  ["squares that underflow", timesDiagonal(randomMatrix(9, 3, 5), [1e-200, 1, 1])],
])("falls back: %s", (_, a) => {
  expect(fellBack(a)).toBe(true);
  expectQrOf(a);
});

test("f32 columns are factored in f64", () => {
  const a = { rows: 40, cols: 5, data: Float32Array.from(randomMatrix(40, 5, 6).data) };
  expectQrOf(a);
});
