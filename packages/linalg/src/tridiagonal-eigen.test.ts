import { expect, test } from "vitest";
import { expectWithin } from "./checks.test-helper.ts";
import { tridiagonalEigen } from "./tridiagonal-eigen.ts";

test("the second difference matrix has the values 2 − 2·cos(π·i / (n + 1))", () => {
  const n = 30;
  const rows = Array.from({ length: n }, () => new Float64Array(0));
  const matrix = { diagonal: new Float64Array(n).fill(2), off: new Float64Array(n - 1).fill(-1) };
  const expected = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos((Math.PI * (i + 1)) / (n + 1)));
  expectWithin(tridiagonalEigen(matrix, rows).sort(), expected, 4 * n * Number.EPSILON);
});

test("one column of the identity becomes one component of each eigenvector", () => {
  const matrix = { diagonal: Float64Array.of(0, 0), off: Float64Array.of(1) };
  const rows = [Float64Array.of(0), Float64Array.of(1)];
  const values = tridiagonalEigen(matrix, rows);
  expectWithin(values.slice().sort(), [-1, 1], 4 * Number.EPSILON);
  expectWithin(
    rows.map(([component]) => Math.abs(component)),
    [Math.SQRT1_2, Math.SQRT1_2],
    4 * Number.EPSILON,
  );
});

test("a matrix that has no eigenvalues is no endless loop", () => {
  const matrix = { diagonal: Float64Array.of(1, Number.NaN), off: Float64Array.of(1) };
  expect(() => tridiagonalEigen(matrix, [new Float64Array(0), new Float64Array(0)])).toThrow(
    "eigenvalue 0 did not converge in 60 steps",
  );
});

test("couplings that are subnormal do not spoil values beside them", () => {
  const matrix = {
    diagonal: Float64Array.of(0, 0, Number.MIN_VALUE),
    off: Float64Array.of(1, 6 * Number.MIN_VALUE),
  };
  expectWithin(tridiagonalEigen(matrix, []).sort(), [-1, 0, 1], 4 * Number.EPSILON);
});
