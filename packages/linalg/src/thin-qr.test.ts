import * as fc from "fast-check";
import { expect, test } from "vitest";
import { anyMatrix, expectOrthonormal, minus } from "./checks.test-helper.ts";
import { matrix, zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { thinQr } from "./thin-qr.ts";

/** q orthonormal, r upper triangular, and q·r = a to 100·m·n·ε·max|a|, but for the spacing of subnormals. */
function expectQrOf(a: Matrix): void {
  const { q, r } = thinQr(a);
  const k = Math.min(a.rows, a.cols);
  expect([q.rows, q.cols, r.rows, r.cols]).toEqual([a.rows, k, k, a.cols]);
  expectOrthonormal(q);
  for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) expect(r.data[i * r.cols + j]).toBe(0);
  const bound = 100 * Math.max(1, a.rows * a.cols) * Number.EPSILON * maxAbs(a) + 4 * Number.MIN_VALUE;
  expect(maxAbs(minus(multiply(q, r), a))).toBeLessThanOrEqual(bound);
}

test("hand-worked: the column (3, 4) has length 5", () => {
  const { q, r } = thinQr(matrix([[3], [4]]));
  expect(r.data[0]).toBeCloseTo(-5, 15);
  expect(q.data[0]).toBeCloseTo(-0.6, 15);
  expect(q.data[1]).toBeCloseTo(-0.8, 15);
});

test.each([
  ["square", randomMatrix(9, 9, 1)],
  ["tall, several blocks", randomMatrix(150, 70, 2)],
  ["wide, several blocks", randomMatrix(40, 90, 3)],
  ["a row", randomMatrix(1, 5, 4)],
  ["zero", zeros(5, 3)],
  ["empty", zeros(0, 4)],
  [
    "a repeated column",
    matrix([
      [1, 1, 2],
      [2, 2, 0],
      [3, 3, 1],
    ]),
  ],
  ["an outer product", multiply(randomMatrix(20, 1, 5), randomMatrix(1, 8, 6))],
  [
    "huge",
    multiply(
      randomMatrix(6, 4, 7),
      matrix([
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
      ]),
      { alpha: 1e300 },
    ),
  ],
  [
    "subnormal",
    matrix([
      [5e-324, 0],
      [5e-324, 5e-324],
    ]),
  ],
])("factors %s", (_, a) => expectQrOf(a));

test("factors any matrix", () => {
  fc.assert(fc.property(anyMatrix, expectQrOf), { seed: 1 });
});

test("the error of a small column is small beside that column", () => {
  const a = randomMatrix(30, 3, 8);
  for (let i = 0; i < 30; i++) a.data[i * 3 + 1] *= 1e-200;
  const { q, r } = thinQr(a);
  const error = minus(multiply(q, r), a);
  const ofColumn = [...error.data].filter((_, at) => at % 3 === 1);
  expect(Math.max(...ofColumn.map(Math.abs))).toBeLessThan(100 * 30 * Number.EPSILON * 1e-200);
});
