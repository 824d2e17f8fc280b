import { describe, expect, test } from "vitest";
import { expectWithin, withValues } from "./checks.test-helper.ts";
import { identity, matrix, zeros } from "./create.ts";
import { matrixMap } from "./matrix-map.ts";
import { productMap } from "./product-map.ts";
import { randomMatrix } from "./random-matrix.ts";
import { spectralNorm } from "./spectral-norm.ts";
import { singularValues } from "./svd.ts";

test.each([
  ["zero", zeros(3, 4), 0],
  ["nothing", zeros(0, 4), 0],
  ["one number", matrix([[-3]]), 3],
  ["a column", matrix([[3], [4]]), 5],
  ["a row", matrix([[3, 4]]), 5],
  ["all values equal", identity(5), 1],
  [
    "huge",
    matrix([
      [3e200, 0],
      [0, 1e200],
    ]),
    3e200,
  ],
  [
    "tiny",
    matrix([
      [3e-200, 0],
      [0, 1e-200],
    ]),
    3e-200,
  ],
  ["a double top value", withValues([30, 20], [2, 2, 1, 0.5], 1), 2],
])("%s", (_, a, expected) => {
  const { value, residual } = spectralNorm(matrixMap(a));
  expectWithin([value], [expected], 1e-8 * expected);
  expect(residual).toBeLessThanOrEqual(1e-3 * expected);
});

describe.each([
  [120, 120],
  [200, 90],
  [60, 250],
])("a flat Gaussian spectrum, %i × %i", (rows, cols) => {
  const a = randomMatrix(rows, cols, 2);
  const [exact] = singularValues(a);

  test.each([1, 2, 3, 4, 5])("is found to 1e-8 in far fewer steps than it has values, start %i", (seed) => {
    const { value, residual, iterations } = spectralNorm(matrixMap(a), { seed });
    expectWithin([value], [exact], 1e-8 * exact);
    expect(residual).toBeLessThan(1e-3 * exact);
    expect(iterations).toBeLessThan(45);
  });
});

test("a harder tolerance is met, and costs more steps", () => {
  const a = randomMatrix(120, 120, 2);
  const [exact] = singularValues(a);
  const [rough, sharp] = [1e-4, 1e-13].map((tolerance) => spectralNorm(matrixMap(a), { tolerance }));
  expectWithin([rough.value], [exact], 1e-4 * exact);
  expectWithin([sharp.value], [exact], 1e-13 * exact);
  expect(rough.iterations).toBeLessThan(sharp.iterations);
});

test("a product of factors is measured without forming it", () => {
  const { value, iterations } = spectralNorm(productMap(matrix([[3], [4]]), matrix([[1, 2, 2]])));
  expectWithin([value], [15], 1e-13);
  expect(iterations).toBeLessThanOrEqual(2);
});

test("stops where it is told to, with a residual that covers the error", () => {
  const a = randomMatrix(120, 120, 3);
  const { value, residual, iterations } = spectralNorm(matrixMap(a), { maxIterations: 5 });
  expect(iterations).toBe(5);
  const nearest = singularValues(a).reduce((best, s) => Math.min(best, Math.abs(s - value)), Infinity);
  expect(nearest).toBeLessThanOrEqual(residual);
});

test("the same seed gives the same bits", () => {
  const map = matrixMap(randomMatrix(40, 30, 4));
  expect(spectralNorm(map, { seed: 7 })).toEqual(spectralNorm(map, { seed: 7 }));
});

test("a number of iterations below one is refused", () => {
  expect(() => spectralNorm(matrixMap(identity(2)), { maxIterations: 0 })).toThrow(
    "maxIterations must be a whole number from 1 up, not 0",
  );
});
