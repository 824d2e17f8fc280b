import fc from "fast-check";
import { expect, test } from "vitest";
import { stackColumns } from "./arrange.ts";
import { matrix, zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { gramNorms } from "./gram-norms.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { frobeniusNorm } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singularValues } from "./svd.ts";
import { timesDiagonal } from "./checks.test-helper.ts";

function gram(x: Matrix): Float64Matrix {
  return multiply(x, x, { transA: true });
}

/** Relative distances of both norms from those of the dense product. */
function distances(l: Matrix, r: Matrix): readonly number[] {
  const values = singularValues(multiply(l, r, { transB: true }));
  const { frobenius, spectral } = gramNorms(gram(l), gram(r));
  return [
    Math.abs(frobenius / frobeniusNorm({ rows: 1, cols: values.length, data: values }) - 1),
    Math.abs(spectral / values[0] - 1),
  ];
}

test("hand-worked: [3; 4] · [1 2 2] has one singular value, 15", () => {
  const { frobenius, spectral } = gramNorms(matrix([[25]]), matrix([[9]]));
  expect(frobenius).toBe(15);
  expect(spectral).toBeCloseTo(15, 13);
});

test("hand-worked: diagonal factors", () => {
  const { frobenius, spectral } = gramNorms(
    matrix([
      [9, 0],
      [0, 1],
    ]),
    matrix([
      [1, 0],
      [0, 16],
    ]),
  );
  expect(frobenius).toBeCloseTo(5, 14); // 3 and 4
  expect(spectral).toBeCloseTo(4, 14);
});

test("both norms are those of the dense product", () => {
  const sizes = fc.record({
    m: fc.integer({ min: 1, max: 30 }),
    n: fc.integer({ min: 1, max: 30 }),
    k: fc.integer({ min: 1, max: 12 }),
    seed: fc.nat(1000),
  });
  fc.assert(
    fc.property(sizes, ({ m, n, k, seed }) => {
      for (const distance of distances(randomMatrix(m, k, seed), randomMatrix(n, k, seed + 1))) {
        expect(distance).toBeLessThan(1e-11);
      }
    }),
    { seed: 4, numRuns: 60 },
  );
});

test("columns that are small on one side and large on the other keep their digits, as rounding errors do", () => {
  const l = stackColumns([
    timesDiagonal(randomMatrix(30, 4, 1), [1e-8, 1e-8, 1e-8, 1e-8]),
    randomMatrix(30, 3, 2),
  ]);
  const r = stackColumns([randomMatrix(20, 4, 3), timesDiagonal(randomMatrix(20, 3, 4), [1e-8, 1e-8, 1e-8])]);
  for (const distance of distances(l, r)) expect(distance).toBeLessThan(1e-11);
});

test("the larger of two values 1e-4 apart is found among others", () => {
  const lengths = [3, 1, 5.0005, 2, 5, 4];
  const diagonal = matrix(lengths.map((length, i) => lengths.map((_, j) => (i === j ? length : 0))));
  expect(gramNorms(diagonal, diagonal).spectral).toBeCloseTo(5.0005, 12);
});

test("nothing, and zero, have norms of 0", () => {
  expect(gramNorms(zeros(0, 0), zeros(0, 0))).toEqual({ frobenius: 0, spectral: 0 });
  expect(
    gramNorms(
      zeros(3, 3),
      matrix([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]),
    ),
  ).toEqual({ frobenius: 0, spectral: 0 });
});

test("matrices of different sizes are refused", () => {
  expect(() => gramNorms(zeros(2, 2), zeros(3, 3))).toThrow(
    "Gram matrices must be square and of one size: 2 × 2 and 3 × 3",
  );
});
