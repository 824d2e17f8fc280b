import { encode } from "@lora/tensor";
import { expect, test } from "vitest";
import { expectOrthonormal, minus, withValues } from "./checks.test-helper.ts";
import { zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { orthonormalOn, takeMatrix, uploadMatrix } from "./orthonormal-on.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceBackend } from "./reference-backend.ts";
import { stackColumns } from "./arrange.ts";

const backend = referenceBackend();

async function basisOf(y: Matrix): Promise<Matrix> {
  return takeMatrix(backend, await orthonormalOn(backend, uploadMatrix(backend, y, "f64")));
}

test.each([
  ["well conditioned", randomMatrix(30, 6, 1)],
  ["condition 10¹², in its rows", withValues([30, 4], [1, 1e-4, 1e-8, 1e-12], 2)],
  ["square", randomMatrix(5, 5, 3)],
])("the columns span those of y: %s", async (_, y) => {
  const q = await basisOf(y);
  expectOrthonormal(q);
  const projected = multiply(q, multiply(q, y, { transA: true }));
  expect(maxAbs(minus(projected, y))).toBeLessThan(1000 * y.rows * Number.EPSILON * maxAbs(y));
});

test.each([
  ["zeros", zeros(7, 3)],
  ["a column twice", stackColumns([randomMatrix(9, 2, 4), randomMatrix(9, 2, 4)])],
])("directions that y lacks are filled up: %s", async (_, y) => {
  const q = await basisOf(y);
  expectOrthonormal(q);
  expect([q.rows, q.cols]).toEqual([y.rows, y.cols]);
});

test("a Gram matrix that is not finite is refused", async () => {
  const y = backend.upload(encode([1e200, 1], "f64"), { dtype: "f64", shape: [2, 1] }, "f64");
  await expect(orthonormalOn(backend, y)).rejects.toThrow("a Gram matrix holds values that are not finite");
});
