import { expect, test } from "vitest";
import { columns, scaled, scaledColumns, stackColumns, stackRows, transpose } from "./arrange.ts";
import { matrix } from "./create.ts";
import { multiply } from "./multiply.ts";
import { randomMatrix } from "./random-matrix.ts";
import { minus } from "./checks.test-helper.ts";
import { maxAbs } from "./norms.ts";
import { toFloat64 } from "./float64-matrix.ts";

const a = matrix([
  [1, 2, 3],
  [4, 5, 6],
]);
const single = { rows: 1, cols: 2, data: Float32Array.of(0.5, 0.25) };

test("transposing turns rows into columns", () => {
  expect(transpose(a)).toEqual(
    matrix([
      [1, 4],
      [2, 5],
      [3, 6],
    ]),
  );
  expect(transpose(single)).toEqual(matrix([[0.5], [0.25]]));
});

test("columns are picked in the order asked for, twice where asked twice", () => {
  expect(columns(a, [2, 0, 2])).toEqual(
    matrix([
      [3, 1, 3],
      [6, 4, 6],
    ]),
  );
  expect(columns(a, [])).toEqual({ rows: 2, cols: 0, data: new Float64Array() });
});

test("a column that is not there is refused", () => {
  expect(() => columns(a, [3])).toThrow("there is no column 3 in 2 × 3");
});

test("stacking side by side and on top of each other", () => {
  expect(
    stackColumns([
      matrix([[1], [4]]),
      matrix([
        [2, 3],
        [5, 6],
      ]),
    ]),
  ).toEqual(a);
  expect(stackRows([matrix([[1, 2]]), single])).toEqual(
    matrix([
      [1, 2],
      [0.5, 0.25],
    ]),
  );
});

test("all of a matrix, or each of its columns, is scaled", () => {
  expect(scaled(single, 2)).toEqual(matrix([[1, 0.5]]));
  expect(scaledColumns(single, [2, 8])).toEqual(matrix([[1, 2]]));
  expect(() => scaledColumns(single, [2])).toThrow("1 factors are given for 2 columns");
});

test("the product of stacked factors is the sum of the products", () => {
  const [b1, a1] = [randomMatrix(7, 2, 1), randomMatrix(2, 5, 2)];
  const [b2, a2] = [randomMatrix(7, 3, 3), randomMatrix(3, 5, 4)];
  const stacked = multiply(stackColumns([b1, b2]), stackRows([a1, a2]));
  const rest = minus(stacked, multiply(b1, a1));
  expect(maxAbs(minus(rest, multiply(b2, a2)))).toBeLessThan(100 * Number.EPSILON);
});

test("parts that do not fit, and no parts, are refused", () => {
  expect(() => stackColumns([a, single])).toThrow("the rows of the parts differ: 2 and 1");
  expect(() => stackRows([a, single])).toThrow("the columns of the parts differ: 3 and 2");
  expect(() => stackRows([])).toThrow("there is nothing to stack");
});

test("doubles are taken as they are, singles are copied", () => {
  expect(toFloat64(a).data).toBe(a.data);
  expect(toFloat64(single)).toEqual(matrix([[0.5, 0.25]]));
});
