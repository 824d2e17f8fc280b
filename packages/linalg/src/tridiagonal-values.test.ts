import fc from "fast-check";
import { expect, test } from "vitest";
import { expectWithin } from "./checks.test-helper.ts";
import { tridiagonalEigen } from "./tridiagonal-eigen.ts";
import { tridiagonalValues } from "./tridiagonal-values.ts";

const SECOND_DIFFERENCE = 30;

test("the second difference matrix has the values 2 − 2·cos(π·i / (n + 1)), at any scale", () => {
  const n = SECOND_DIFFERENCE;
  const expected = Array.from({ length: n }, (_, i) => 2 - 2 * Math.cos((Math.PI * (i + 1)) / (n + 1)));
  for (const scale of [1, 2 ** -1000, 2 ** 1000]) {
    const matrix = {
      diagonal: new Float64Array(n).fill(2 * scale),
      off: new Float64Array(n - 1).fill(-scale),
    };
    const values = tridiagonalValues(matrix).sort();
    expectWithin(
      values.map((value) => value / scale),
      expected,
      4 * n * Number.EPSILON,
    );
  }
});

test("values that rotations find are found without roots", () => {
  const entry = fc.oneof(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.constantFrom(0, 1, 1e-8, 1e-17, 1e-200),
  );
  const matrices = fc.integer({ min: 1, max: 12 }).chain((n) =>
    fc.record({
      diagonal: fc.array(entry, { minLength: n, maxLength: n }),
      off: fc.array(entry, { minLength: n - 1, maxLength: n - 1 }),
    }),
  );
  fc.assert(
    fc.property(matrices, ({ diagonal, off }) => {
      const matrix = { diagonal: Float64Array.from(diagonal), off: Float64Array.from(off) };
      const size = Math.max(...[...diagonal, ...off].map(Math.abs));
      const expected = tridiagonalEigen(matrix, []).sort();
      expectWithin(tridiagonalValues(matrix).sort(), expected, 16 * diagonal.length * Number.EPSILON * size);
    }),
  );
});

test("a matrix without values, of zeros, and one by one", () => {
  expect(tridiagonalValues({ diagonal: new Float64Array(0), off: new Float64Array(0) })).toHaveLength(0);
  expect([...tridiagonalValues({ diagonal: new Float64Array(3), off: new Float64Array(2) })]).toEqual([
    0, 0, 0,
  ]);
  expect([...tridiagonalValues({ diagonal: Float64Array.of(-7), off: new Float64Array(0) })]).toEqual([-7]);
});

test("what is no number is no endless loop", () => {
  const matrix = { diagonal: Float64Array.of(1, Number.NaN), off: Float64Array.of(1) };
  expect(() => tridiagonalValues(matrix)).toThrow("eigenvalue 0 did not converge in 60 steps");
});
