import type { ComputeDType, Tensor } from "@lora/tensor";
import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import {
  expectOrthonormal,
  expectSvdOf,
  expectWithin,
  minus,
  rebuild,
  withValues,
} from "./checks.test-helper.ts";
import { identity, matrix, zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { matrixMap } from "./matrix-map.ts";
import { maxAbs } from "./norms.ts";
import { multiply } from "./multiply.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceBackend } from "./reference-backend.ts";
import type { ReferenceStorage } from "./reference-operations.ts";
import { svdLowRankOn } from "./svd-low-rank-on.ts";
import { svdLowRank } from "./svd-low-rank.ts";
import { singularValues } from "./svd.ts";

const backend = referenceBackend();

function put(a: Matrix, as: ComputeDType = "f64"): Tensor<ReferenceStorage> {
  return backend.upload(encode(a.data, as), { dtype: as, shape: [a.rows, a.cols] }, as);
}

test("a matrix of the rank asked for is found exactly", async () => {
  const a = multiply(randomMatrix(40, 3, 1), randomMatrix(3, 60, 2));
  const found = await svdLowRankOn(backend, put(a), { rank: 3 });
  const bound = 100 * 60 * Number.EPSILON * found.s[0];
  expectWithin(found.s, singularValues(a).subarray(0, 3), bound);
  expect(maxAbs(minus(rebuild(found), a))).toBeLessThan(bound);
  expectOrthonormal(found.u);
  expectOrthonormal(found.v);
});

test("it is svdLowRank, with the same directions tried", async () => {
  const a = withValues(
    [80, 50],
    Array.from({ length: 50 }, (_, i) => 0.7 ** i),
    3,
  );
  const options = { rank: 6, oversampling: 4, powerIterations: 1, seed: 9 };
  const [found, expected] = [await svdLowRankOn(backend, put(a), options), svdLowRank(matrixMap(a), options)];
  expectWithin(found.s, expected.s, 100 * 80 * Number.EPSILON);
  expect(maxAbs(minus(rebuild(found), rebuild(expected)))).toBeLessThan(100 * 80 * Number.EPSILON);
});

test("in f32 the singular values are right to the rounding of f32", async () => {
  const spectrum = Array.from({ length: 40 }, (_, i) => 10 ** (-i / 4)); // far below the rounding at its end
  const a = put(withValues([60, 40], spectrum, 5), "f32");
  const { u, s, v } = await svdLowRankOn(backend, a, { rank: 20 });
  expectWithin(s, spectrum.slice(0, 20), 10 * Math.sqrt(100) * 2 ** -24);
  for (const basis of [u, v]) {
    const gram = multiply(basis, basis, { transA: true });
    expect(maxAbs(minus(gram, identity(20)))).toBeLessThan(10 * Math.sqrt(60) * 2 ** -24);
  }
});

test.each([
  ["a rank beyond the smaller side", randomMatrix(4, 6, 4), 10],
  ["one number", matrix([[-2]]), 1],
  ["zero", zeros(5, 3), 3],
  ["equal values", identity(6), 6],
  [
    "a rank of one, in whole numbers",
    matrix([
      [1, 2, 3],
      [2, 4, 6],
      [4, 8, 12],
    ]),
    3,
  ],
  [
    "values near the smallest",
    matrix([
      [2 ** -1000, 0],
      [0, 2 ** -1001],
    ]),
    2,
  ],
  [
    "values near the largest",
    matrix([
      [2 ** 1000, 0],
      [0, 2 ** 999],
    ]),
    2,
  ],
])("the whole SVD where nothing is cut off: %s", async (_, a, rank) => {
  expectSvdOf(a, await svdLowRankOn(backend, put(a), { rank }));
});

test("the same seed gives the same bits, another seed another start", async () => {
  const a = put(multiply(randomMatrix(30, 9, 5), randomMatrix(9, 20, 6)));
  const run = async (seed: number): Promise<string> =>
    (await svdLowRankOn(backend, a, { rank: 2, powerIterations: 0, seed })).s.join();
  expect(await run(1)).toBe(await run(1));
  expect(await run(1)).not.toBe(await run(2));
});

describe("what cannot be decomposed is refused", () => {
  test("a value that is not finite", async () => {
    await expect(svdLowRankOn(backend, put(matrix([[1, Number.NaN]])), { rank: 1 })).rejects.toThrow(
      "the largest entry of the matrix is NaN",
    );
  });

  test("what is no matrix", async () => {
    const a = backend.upload(encode([1, 1], "f32"), { dtype: "f32", shape: [2] }, "f64");
    await expect(svdLowRankOn(backend, a, { rank: 1 })).rejects.toThrow("svdLowRankOn takes a matrix, not 2");
  });

  test("counts that are none", async () => {
    await expect(svdLowRankOn(backend, put(identity(2)), { rank: 0 })).rejects.toMatchObject({
      code: "USAGE",
    });
  });
});
