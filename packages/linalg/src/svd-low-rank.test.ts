import { expect, test } from "vitest";
import {
  expectOrthonormal,
  expectSvdOf,
  expectWithin,
  minus,
  rebuild,
  withValues,
} from "./checks.test-helper.ts";
import { identity, matrix, zeros } from "./create.ts";
import { engines } from "./engines.test-helper.ts";
import { matrixMap } from "./matrix-map.ts";
import { multiply } from "./multiply.ts";
import { productMap } from "./product-map.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singularValues } from "./svd.ts";
import { svdLowRank } from "./svd-low-rank.ts";

test("a matrix of the rank asked for is found exactly", () => {
  const a = multiply(randomMatrix(40, 3, 1), randomMatrix(3, 60, 2));
  const svd = svdLowRank(matrixMap(a), { rank: 3 });
  expectWithin(svd.s, singularValues(a).subarray(0, 3), 100 * 60 * Number.EPSILON * svd.s[0]);
  expect(Math.abs(singularValues(minus(rebuild(svd), a))[0])).toBeLessThan(
    100 * 60 * Number.EPSILON * svd.s[0],
  );
});

test("the error stays within the bound of Halko, Martinsson and Tropp", () => {
  const [rank, oversampling] = [5, 8];
  const spectrum = Array.from({ length: 50 }, (_, i) => 1 / (i + 1)); // falls slowly
  const a = withValues([80, 50], spectrum, 3);
  for (const powerIterations of [0, 1, 2]) {
    const svd = svdLowRank(matrixMap(a), { rank, oversampling, powerIterations, seed: 9 });
    expectOrthonormal(svd.u);
    expectOrthonormal(svd.v);
    const [error] = singularValues(minus(rebuild(svd), a));
    const factor = (1 + 4 * Math.sqrt((2 * 50) / (oversampling - 1))) ** (1 / (2 * powerIterations + 1));
    expect(error).toBeLessThan((1 + factor) * spectrum[rank]); // section 1.6 and theorem 9.3
  }
});

test("power iterations bring a slow spectrum to a thousandth", () => {
  const spectrum = Array.from({ length: 50 }, (_, i) => 1 / (i + 1));
  const { s } = svdLowRank(matrixMap(withValues([80, 50], spectrum, 3)), { rank: 5, powerIterations: 4 });
  expectWithin(s, spectrum.slice(0, 5), 1e-3);
});

test.each([
  ["a rank beyond the smaller side", randomMatrix(4, 6, 4), 10],
  ["one number", matrix([[-2]]), 1],
  ["zero", zeros(5, 3), 3],
  ["equal values", identity(6), 6],
])("the whole SVD where nothing is cut off: %s", (_, a, rank) => {
  expectSvdOf(a, svdLowRank(matrixMap(a), { rank }));
});

test("the same seed gives the same bits, another seed another start", () => {
  const map = productMap(randomMatrix(30, 9, 5), randomMatrix(9, 20, 6));
  const run = (seed: number): string => svdLowRank(map, { rank: 2, powerIterations: 0, seed }).s.join();
  expect(run(1)).toBe(run(1));
  expect(run(1)).not.toBe(run(2));
});

test("counts that are none are refused", () => {
  const map = matrixMap(identity(2));
  expect(() => svdLowRank(map, { rank: 0 })).toThrow("rank must be a whole number from 1 up, not 0");
  expect(() => svdLowRank(map, { rank: 1, oversampling: -1 })).toThrow(
    "oversampling must be a whole number from 0 up, not -1",
  );
  expect(() => svdLowRank(map, { rank: 1, powerIterations: 0.5 })).toThrow(
    "powerIterations must be a whole number from 0 up, not 0.5",
  );
});

test.each(engines)("a matrix of f32 is multiplied with in f32 where that is allowed: %s", (_, engine) => {
  const values = Array.from({ length: 30 }, (_unused, i) => 2 ** -i);
  const exact = withValues([120, 90], values, 8);
  const a = { ...exact, data: Float32Array.from(exact.data) };
  const double = svdLowRank(a, { rank: 5, engine });
  expectWithin(double.s, singularValues(a).subarray(0, 5), 1e-12);
  const single = svdLowRank(a, { rank: 5, as: "f32", engine });
  expectWithin(single.s, double.s, Math.sqrt(120) * 2 ** -24);
  expectOrthonormal(single.u);
  expectOrthonormal(single.v);
});
