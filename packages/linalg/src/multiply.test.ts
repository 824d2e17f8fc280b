import { describe, expect, test } from "vitest";
import { matrix } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { minus } from "./checks.test-helper.ts";
import { transpose } from "./arrange.ts";

/** Rows times columns, as the definition says. */
function byDefinition(a: Matrix, b: Matrix): Matrix {
  const data = Float64Array.from({ length: a.rows * b.cols }, (_, at) => {
    const [i, j] = [Math.floor(at / b.cols), at % b.cols];
    let sum = 0;
    for (let k = 0; k < a.cols; k++) sum += a.data[i * a.cols + k] * b.data[k * b.cols + j];
    return sum;
  });
  return { rows: a.rows, cols: b.cols, data };
}

test("hand-worked: two by two, and the four transpositions", () => {
  const [a, b] = [
    matrix([
      [1, 2],
      [3, 4],
    ]),
    matrix([
      [5, 6],
      [7, 8],
    ]),
  ];
  expect(multiply(a, b)).toEqual(
    matrix([
      [19, 22],
      [43, 50],
    ]),
  );
  expect(multiply(a, b, { transA: true })).toEqual(
    matrix([
      [26, 30],
      [38, 44],
    ]),
  );
  expect(multiply(a, b, { transB: true })).toEqual(
    matrix([
      [17, 23],
      [39, 53],
    ]),
  );
  expect(multiply(a, b, { transA: true, transB: true })).toEqual(
    matrix([
      [23, 31],
      [34, 46],
    ]),
  );
});

describe.each([
  ["one number", 1, 1, 1],
  ["a row", 1, 9, 7],
  ["a column", 9, 1, 7],
  ["an outer product", 6, 5, 1],
  ["just over a tile", 5, 9, 3],
  ["tall times narrow", 300, 6, 17],
  ["more terms than a block", 5, 6, 600],
  ["more rows than a block", 131, 4, 3],
  ["more columns than a block", 3, 2051, 2],
  ["nothing to add up", 3, 2, 0],
  ["nothing at all", 0, 0, 0],
])("%s: %i × %i with %i terms", (_, m, n, k) => {
  const [a, b] = [randomMatrix(m, k, 1), randomMatrix(k, n, 2)];
  const expected = byDefinition(a, b);
  const bound = (k + 2) * Number.EPSILON * k * maxAbs(a) * maxAbs(b);

  test.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])("transposed %s, %s: the same as by definition", (transA, transB) => {
    const product = multiply(transA ? transpose(a) : a, transB ? transpose(b) : b, {
      transA,
      transB,
      alpha: -2,
    });
    const twice = { ...expected, data: expected.data.map((value) => -2 * value) };
    expect(maxAbs(minus(product, twice))).toBeLessThanOrEqual(2 * bound);
  });
});

test("f32 factors are summed in f64, and the result is rounded once when f32 is asked for", () => {
  // In f32 sums the 1 would vanish beside 2²⁵.
  const [a, b] = [
    { rows: 1, cols: 3, data: Float32Array.of(2 ** 25, 1, -(2 ** 25)) },
    matrix([[1], [1], [1]]),
  ];
  expect(multiply(a, b).data).toEqual(Float64Array.of(1));
  const [third, one] = [matrix([[1 / 3]]), matrix([[1]])];
  expect(multiply(third, one, { as: "f32" }).data).toEqual(Float32Array.of(1 / 3));
  expect(multiply(third, one, { as: "f64" }).data).toEqual(Float64Array.of(1 / 3));
});

test("a NaN stays in its row and column, at the edge of a tile too", () => {
  const a = randomMatrix(6, 6, 1);
  a.data[5 * 6] = Number.NaN;
  const product = multiply(a, randomMatrix(6, 6, 2));
  expect([...product.data].map(Number.isNaN)).toEqual(Array.from({ length: 36 }, (_, at) => at >= 30));
});

test("two hundred thousand rows are no stack overflow", () => {
  const long = { rows: 200_000, cols: 1, data: new Float64Array(200_000).fill(1) };
  expect(multiply(long, long, { transA: true })).toEqual(matrix([[200_000]]));
});

test("sizes that do not fit are refused", () => {
  const a = matrix([[1, 2]]);
  expect(() => multiply(a, a)).toThrow("the inner sizes of 1 × 2 times 1 × 2 differ");
  expect(() => multiply({ rows: 2, cols: 2, data: new Float64Array(3) }, a)).toThrow(
    "`a` says 2 × 2 and holds 3 values",
  );
});
