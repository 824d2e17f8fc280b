import { describe, expect, test } from "vitest";
import { columns, stackColumns, stackRows, transpose } from "./arrange.ts";
import { expectWithin, listed, minus, rebuild, timesDiagonal, withValues } from "./checks.test-helper.ts";
import { identity, matrix, zeros } from "./create.ts";
import { engines } from "./engines.test-helper.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import type { Matrix, Svd } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { norm } from "./ops/norm.ts";
import { productSingularValues } from "./product-singular-values.ts";
import type { ProductSpectrumOptions } from "./product-spectrum.ts";
import { productSpectrum } from "./product-spectrum.ts";
import { productSvd } from "./product-svd.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singularValues } from "./svd.ts";

/** The SVD that a spectrum tells of. */
function toldBy(b: Matrix, a: Matrix, options?: ProductSpectrumOptions): Svd {
  const { s, left, right } = productSpectrum(b, a, options);
  return { u: multiply(b, left), s, v: multiply(a, right, { transA: true }) };
}

/** c·r·ε·‖b‖₂·‖a‖₂ */
function rounding(b: Matrix, a: Matrix): number {
  const [normB, normA] = [b, a].map((each) => singularValues(each)[0] ?? 0);
  return 100 * Math.max(b.cols, 1) * Number.EPSILON * normB * normA;
}

function deviation(q: Matrix): number {
  return norm(minus(multiply(q, q, { transA: true }), identity(q.cols)).data);
}

/** Falling evenly on a logarithmic scale from 1 to 1/κ. */
function falling(count: number, condition: number): number[] {
  return Array.from({ length: count }, (_, i) => condition ** (-i / (count - 1)));
}

test("hand-worked: u and v of rank one are the factors over their lengths", () => {
  const { s, left, right } = productSpectrum(matrix([[3], [4]]), matrix([[1, 2, 2]])); // |b| = 5, |a| = 3
  expectWithin(s, [15], 15 * 4 * Number.EPSILON);
  expectWithin(left.data.map(Math.abs), [1 / 5], Number.EPSILON);
  expectWithin(right.data.map(Math.abs), [1 / 3], Number.EPSILON);
});

describe.each(engines)("%s", (_, engine) => {
  test.each(golden.products)("$name", ({ b: up, a: down, s: expected }) => {
    const [b, a] = [listed(up), listed(down)];
    expectWithin(productSpectrum(b, a, { engine, tolerance: 0 }).s, expected, 1e-13 * expected[0]);
    expectWithin(productSingularValues(b, a, { engine }), expected, 1e-13 * expected[0]);
    const told = toldBy(b, a, { engine });
    expectWithin(told.s, expected, (2 ** -27 + 1e-13) * expected[0]);
    expect(maxAbs(minus(rebuild(told), multiply(b, a)))).toBeLessThanOrEqual(rounding(b, a));
  });

  describe.each([1, 30, 1e3, 1e4, 1e6, 1e8, 1e12])("factors of condition %d", (condition) => {
    const b = withValues([200, 12], falling(12, condition), 1);
    const a = transpose(withValues([150, 12], falling(12, condition), 3));
    const exact = productSvd(b, a);

    test.each([0, 2 ** -27, 1e-4])(
      "values and vectors are as good as a tolerance of %d asks",
      (tolerance) => {
        const { u, s, v } = toldBy(b, a, { engine, tolerance });
        s.forEach((value, i) => {
          expect(Math.abs(value - exact.s[i])).toBeLessThanOrEqual(tolerance * exact.s[i] + rounding(b, a));
        });
        // Of the leading vectors: rounding over their values is what a second pass leaves of them.
        const kept = Array.from(s.keys()).filter((i) => s[i] > 1e-5 * s[0]);
        const allowed = 10 * (tolerance + rounding(b, a) / 1e-5);
        for (const q of [u, v]) expect(deviation(columns(q, kept))).toBeLessThanOrEqual(allowed);
      },
    );

    test("the product is rebuilt, whatever the tolerance", () => {
      for (const tolerance of [0, 1e-4]) {
        const difference = maxAbs(minus(rebuild(toldBy(b, a, { engine, tolerance })), multiply(b, a)));
        expect(difference).toBeLessThanOrEqual(rounding(b, a));
      }
    });
  });
});

test("columns of very different length lose nothing: a side scaled by d and the other by 1/d tell the same", () => {
  const [b, a] = [randomMatrix(60, 4, 2), randomMatrix(4, 50, 3)];
  const lengths = [1e-100, 1, 1e20, 1e-5];
  const scaledB = timesDiagonal(b, lengths);
  const scaledA = transpose(
    timesDiagonal(
      transpose(a),
      lengths.map((length) => 1 / length),
    ),
  );
  const expected = productSpectrum(b, a);
  const { s, left } = productSpectrum(scaledB, scaledA, { tolerance: 0 });
  expectWithin(s, expected.s, rounding(b, a));
  expect(deviation(multiply(scaledB, left))).toBeLessThan(1e-12);
});

const [repeated, wide] = [matrix([[1, 2, 3, 4]]), randomMatrix(12, 5, 4)];
test.each([
  ["a fresh adapter, b = 0", zeros(16, 4), randomMatrix(4, 8, 5)],
  ["a zero column", timesDiagonal(randomMatrix(9, 3, 4), [1, 0, 1]), randomMatrix(3, 7, 5)],
  ["a repeated row", randomMatrix(9, 2, 6), stackRows([repeated, repeated])],
  ["a repeated column", stackColumns([randomMatrix(9, 1, 6), randomMatrix(9, 1, 6)]), randomMatrix(2, 9, 7)],
  ["r larger than n", randomMatrix(20, 12, 3), wide],
  ["r larger than m and n", randomMatrix(4, 12, 3), wide],
  ["r = 0", zeros(4, 0), zeros(0, 3)],
  ["one by one", matrix([[2]]), matrix([[-3]])],
])("whatever the rank, the product is rebuilt and no vector is longer than 1: %s", (_, b, a) => {
  const told = toldBy(b, a);
  expect(told.s.length).toBe(Math.min(b.rows, b.cols, a.cols));
  expect(maxAbs(minus(rebuild(told), multiply(b, a)))).toBeLessThanOrEqual(rounding(b, a));
  for (const q of [told.u, told.v]) expect(maxAbs(q)).toBeLessThanOrEqual(1 + 1e-7);
});

test("vectors of values that are rounding are zero where a factor has dependent columns", () => {
  const { s, left, right } = productSpectrum(zeros(16, 4), randomMatrix(4, 8, 5));
  expect([...s, ...left.data].every((value) => value === 0)).toBe(true);
  expect([right.rows, right.cols]).toEqual([4, 4]);
});
