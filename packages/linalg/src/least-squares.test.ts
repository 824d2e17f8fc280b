import { describe, expect, test } from "vitest";
import { expectWithin, listed } from "./checks.test-helper.ts";
import { matrix, zeros } from "./create.ts";
import { leastSquares } from "./least-squares.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import { matrixRank } from "./matrix-rank.ts";
import { multiply } from "./multiply.ts";
import { randomMatrix } from "./random-matrix.ts";
import { singularValues } from "./svd.ts";

test("hand-worked: the mean minimises the squares", () => {
  expectWithin(leastSquares(matrix([[1], [1], [1]]), matrix([[1], [2], [6]])).data, [3], 16 * Number.EPSILON);
});

test("hand-worked: of all solutions of x + y = 2 the shortest", () => {
  expectWithin(leastSquares(matrix([[1, 1]]), matrix([[2]])).data, [1, 1], 16 * Number.EPSILON);
});

// Made by tooling/goldens/linalg.py with numpy.linalg.lstsq.
describe.each(golden.leastSquares)("$name", ({ a: left, b: right, x, rank }) => {
  const [a, b] = [listed(left), listed(right)];

  test("has the solution of LAPACK", () => {
    const s = singularValues(a);
    const condition = s[0] / s[rank - 1];
    const bound = 100 * Math.max(a.rows, a.cols) * Number.EPSILON * condition * condition;
    expectWithin(leastSquares(a, b).data, x.data, bound);
  });

  test("has the rank that numpy finds", () => expect(matrixRank(a)).toBe(rank));
});

test("a singular system with nothing but zeros has the solution zero", () => {
  expect(leastSquares(zeros(3, 2), randomMatrix(3, 1, 1)).data).toEqual(new Float64Array(2));
});

test("right sides of another height are refused", () => {
  expect(() => leastSquares(zeros(3, 2), zeros(2, 1))).toThrow("a has 3 rows, b has 2");
});

describe("rank", () => {
  test.each([
    ["zero", zeros(3, 2), 0],
    ["nothing", zeros(0, 2), 0],
    ["one number", matrix([[1e-300]]), 1],
    ["a row", matrix([[0, 1, 0]]), 1],
    ["an outer product", multiply(randomMatrix(9, 1, 1), randomMatrix(1, 9, 2)), 1],
  ])("of %s", (_, a, rank) => expect(matrixRank(a)).toBe(rank));

  test("of a product that was rounded to f32 is found with the ε of f32", () => {
    const product = multiply(randomMatrix(20, 3, 3), randomMatrix(3, 20, 4), { as: "f32" });
    expect(matrixRank(product)).toBe(3);
    expect(matrixRank({ ...product, data: Float64Array.from(product.data) })).toBe(20);
  });

  test("a tolerance that is given is absolute", () => {
    const a = matrix([
      [3, 0],
      [0, 0.5],
    ]);
    expect(matrixRank(a, { tolerance: 0.5 })).toBe(1);
    expect(matrixRank(a, { tolerance: 0.4 })).toBe(2);
  });
});
