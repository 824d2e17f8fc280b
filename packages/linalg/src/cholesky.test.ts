import { expect, test } from "vitest";
import { minus } from "./checks.test-helper.ts";
import { cholesky } from "./cholesky.ts";
import { matrix } from "./create.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";

test("hand-worked: only the lower triangle is read", () => {
  const a = matrix([
    [4, Number.MAX_VALUE],
    [2, 10],
  ]);
  expect(cholesky(a)).toEqual(
    matrix([
      [2, 0],
      [1, 3],
    ]),
  );
});

test("l · lᵀ rebuilds a", () => {
  const x = randomMatrix(60, 40, 1);
  const a = multiply(x, x, { transA: true });
  const l = cholesky(a);
  // Higham, Accuracy and Stability, theorem 10.3
  const bound = 41 * Number.EPSILON * maxAbs(a);
  expect(maxAbs(minus(multiply(l, l, { transB: true }), a))).toBeLessThan(bound);
});

test("a matrix that is not positive definite is refused with its pivot", () => {
  expect(() =>
    cholesky(
      matrix([
        [1, 2],
        [2, 3],
      ]),
    ),
  ).toThrow("the matrix is not positive definite: pivot 1 is -1");
  expect(() => cholesky(matrix([[0]]))).toThrow("pivot 0 is 0");
});

test("a matrix that is not square is refused", () => {
  expect(() => cholesky(matrix([[1, 2]]))).toThrow("the matrix must be square, not 1 × 2");
});
