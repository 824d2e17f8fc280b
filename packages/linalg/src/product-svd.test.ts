import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stackColumns, stackRows } from "./arrange.ts";
import { expectOrthonormal, expectWithin, listed, minus, rebuild } from "./checks.test-helper.ts";
import { matrix, zeros } from "./create.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import { multiply } from "./multiply.ts";
import { productSvd } from "./product-svd.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singularValues } from "./svd.ts";
import type { Matrix } from "./matrix.ts";
import { maxAbs } from "./norms.ts";

/** Rebuilds b·a to 100·r·ε·σ₁(b)·σ₁(a), with the shapes promised. */
function expectProductSvd(b: Matrix, a: Matrix): void {
  const svd = productSvd(b, a);
  const k = Math.min(b.rows, b.cols, a.cols);
  expect([svd.u.rows, svd.u.cols, svd.s.length, svd.v.rows, svd.v.cols]).toEqual([b.rows, k, k, a.cols, k]);
  expectOrthonormal(svd.u);
  expectOrthonormal(svd.v);
  const bound =
    100 * Math.max(b.cols, 1) * Number.EPSILON * (singularValues(b)[0] ?? 0) * (singularValues(a)[0] ?? 0);
  expect(maxAbs(minus(rebuild(svd), multiply(b, a)))).toBeLessThanOrEqual(bound);
}

test("hand-worked: a rank-one product has its only singular value |b||a|", () => {
  const { s } = productSvd(matrix([[3], [4]]), matrix([[1, 2, 2]])); // |b| = 5, |a| = 3
  expectWithin(s, [15], 15 * 4 * Number.EPSILON);
});

// Made by tooling/goldens/linalg.py: the exact values of the exact product.
describe.each(golden.products)("$name", ({ b: up, a: down, s: expected }) => {
  const [b, a] = [listed(up), listed(down)];

  test("has the values of the dense product, to 1e-13 of the largest", () => {
    expectWithin(productSvd(b, a).s, expected, 1e-13 * expected[0]);
  });

  test("is rebuilt from its factors", () => expectProductSvd(b, a));
});

test.each([
  ["r = 1", randomMatrix(33, 1, 1), randomMatrix(1, 17, 2)],
  ["r larger than n", randomMatrix(20, 12, 3), randomMatrix(12, 5, 4)],
  ["a fresh adapter, b = 0", zeros(16, 4), randomMatrix(4, 8, 5)],
  [
    "a repeated direction",
    randomMatrix(9, 2, 6),
    matrix([
      [1, 2, 3],
      [2, 4, 6],
    ]),
  ],
  ["one by one", matrix([[2]]), matrix([[-3]])],
  ["r = 0", zeros(4, 0), zeros(0, 3)],
  ["taller than several blocks", randomMatrix(700, 40, 7), randomMatrix(40, 300, 8)],
])("u·s·vᵀ rebuilds b·a: %s", (_, b, a) => expectProductSvd(b, a));

test("u·s·vᵀ rebuilds b·a of any shape", () => {
  const size = fc.integer({ min: 1, max: 12 });
  const shapes = fc.tuple(size, size, size, fc.nat(1000));
  fc.assert(
    fc.property(shapes, ([m, r, n, seed]) => {
      expectProductSvd(randomMatrix(m, r, seed), randomMatrix(r, n, seed + 1));
    }),
    { seed: 1 },
  );
});

test("single precision factors are taken as they are, and calculated with in doubles", () => {
  const [b, a] = [randomMatrix(40, 3, 1), randomMatrix(3, 30, 2)].map((each) => ({
    ...each,
    data: Float32Array.from(each.data),
  }));
  expectProductSvd(b, a);
});

test("stacked factors give the SVD of a sum of products", () => {
  const [b1, a1, b2, a2] = [
    randomMatrix(9, 2, 1),
    randomMatrix(2, 8, 2),
    randomMatrix(9, 3, 3),
    randomMatrix(3, 8, 4),
  ];
  const sum = minus(multiply(b1, a1), multiply(b2, a2, { alpha: -1 }));
  const expected = singularValues(sum);
  const { s } = productSvd(stackColumns([b1, b2]), stackRows([a1, a2]));
  expectWithin(s, expected.subarray(0, 5), 100 * 9 * Number.EPSILON * expected[0]);
});

test("factors that do not fit are refused with both shapes", () => {
  expect(() => productSvd(zeros(4, 2), zeros(3, 4))).toThrow(
    "the inner sizes of b · a differ: 4 × 2 and 3 × 4",
  );
});
