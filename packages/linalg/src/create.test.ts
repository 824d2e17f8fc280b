import { expect, test } from "vitest";
import { identity, matrix, zeros } from "./create.ts";

test("a matrix is its rows, one after another", () => {
  expect(
    matrix([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toEqual({ rows: 2, cols: 3, data: Float64Array.of(1, 2, 3, 4, 5, 6) });
  expect(matrix([])).toEqual({ rows: 0, cols: 0, data: new Float64Array() });
});

test("rows of different lengths are refused", () => {
  expect(() => matrix([[1, 2], [3]])).toThrow("row 0 has 2 entries, row 1 has 1");
});

test("zeros and the identity", () => {
  expect(zeros(1, 2)).toEqual(matrix([[0, 0]]));
  expect(identity(2)).toEqual(
    matrix([
      [1, 0],
      [0, 1],
    ]),
  );
});
