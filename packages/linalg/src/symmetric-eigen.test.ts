import { describe, expect, test } from "vitest";
import {
  expectOrthonormal,
  expectWithin,
  listed,
  minus,
  timesDiagonal,
  withValues,
} from "./checks.test-helper.ts";
import { svd } from "./svd.ts";
import { identity, matrix, zeros } from "./create.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** Descending values and orthonormal vectors that rebuild `a` to 100·n·ε·‖a‖₂. */
function expectEigenOf(a: Matrix): void {
  const { values, vectors } = symmetricEigen(a);
  expectOrthonormal(vectors);
  for (let i = 1; i < values.length; i++) expect(values[i]).toBeLessThanOrEqual(values[i - 1]);
  const rebuilt = multiply(timesDiagonal(vectors, values), vectors, { transB: true });
  const size = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  expect(maxAbs(minus(rebuilt, a))).toBeLessThanOrEqual(100 * a.rows * Number.EPSILON * size);
}

test("hand-worked: only the lower triangle is read", () => {
  const { values, vectors } = symmetricEigen(
    matrix([
      [2, Number.MAX_VALUE],
      [1, 2],
    ]),
  );
  expectWithin(values, [3, 1], 8 * Number.EPSILON);
  expectWithin(vectors.data.map(Math.abs), Array<number>(4).fill(Math.SQRT1_2), 8 * Number.EPSILON);
});

// Made by tooling/goldens/linalg.py with LAPACK.
describe.each(golden.symmetric)("$name", ({ a: stored, values: expected }) => {
  const a = listed(stored);

  test("has the values of LAPACK", () => {
    const size = Math.max(...expected.map(Math.abs));
    expectWithin(symmetricEigen(a).values, expected, 100 * a.rows * Number.EPSILON * size);
  });

  test("is rebuilt from its values and vectors", () => expectEigenOf(a));
});

test.each([
  ["one number", matrix([[-7]])],
  ["zero", zeros(4, 4)],
  ["the identity", identity(6)],
  ["nothing", zeros(0, 0)],
  ["several blocks", multiply(randomMatrix(80, 80, 1), randomMatrix(80, 80, 1), { transA: true })],
  [
    "graded",
    matrix([
      [1e-30, 1e-15, 1],
      [1e-15, 1, 1e15],
      [1, 1e15, 1e30],
    ]),
  ],
])("is rebuilt from its values and vectors: %s", (_, a) => expectEigenOf(a));

test("values that are all rounding but a few are found: a Gram matrix of lower rank", () => {
  const x = withValues(
    [120, 90],
    Array.from({ length: 30 }, (_, i) => 2 ** -i),
    8,
  );
  expectEigenOf(multiply(x, x, { transA: true }));
});

test.each([
  ["apart", Array.from({ length: 40 }, (_, i) => 1 + i)],
  ["in close pairs", Array.from({ length: 40 }, (_, i) => 1 + Math.floor(i / 2) + (i % 2) * 1e-9)],
  ["in clusters", Array.from({ length: 40 }, (_, i) => (i % 3) + 1e-15 * i)],
  ["all but one equal", Array.from({ length: 40 }, (_, i) => (i === 7 ? 2 : 1))],
])("vectors are orthonormal to the last digits where values lie %s", (_, values) => {
  const { u } = svd(randomMatrix(40, 40, 9));
  expectEigenOf(multiply(timesDiagonal(u, values), u, { transB: true }));
});
