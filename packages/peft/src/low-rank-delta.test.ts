import { matrix, multiply, randomMatrix } from "@lora/linalg";
import fc from "fast-check";
import { expect, test } from "vitest";
import { failure } from "./files.test-helper.ts";
import { LowRankDelta } from "./low-rank-delta.ts";

const EPS = 2 ** -52;

test("hand-worked: 2 · [3; 4] · [1 2 2] has norm and singular value 30, and products to match", () => {
  const delta = new LowRankDelta(matrix([[3], [4]]), matrix([[1, 2, 2]]), { scale: 2 });
  expect([delta.rows, delta.cols, delta.maxRank]).toEqual([2, 3, 1]);
  expect(delta.frobeniusNorm()).toBeCloseTo(30, 13);
  expect(delta.svd().s[0]).toBeCloseTo(30, 13);
  expect([...delta.multiply(matrix([[1], [0], [1]])).data]).toEqual([18, 24]);
  expect([...delta.multiplyTransposed(matrix([[1], [1]])).data]).toEqual([14, 28, 28]);
});

test("inner product and norm are those of the dense matrices", () => {
  const sizes = fc.record({
    m: fc.integer({ min: 1, max: 9 }),
    n: fc.integer({ min: 1, max: 9 }),
    r: fc.integer({ min: 1, max: 12 }),
    scale: fc.constantFrom(1, 0.25, 3),
    seed: fc.integer({ min: 1, max: 1000 }),
  });
  fc.assert(
    fc.property(sizes, ({ m, n, r, scale, seed }) => {
      const [b, a] = [randomMatrix(m, r, seed), randomMatrix(r, n, seed + 1)];
      const [c, d] = [randomMatrix(m, 2, seed + 2), randomMatrix(2, n, seed + 3)];
      const [dense, other] = [multiply(b, a, { alpha: scale }).data, multiply(c, d).data];
      const sum = dense.reduce((total, value, index) => total + value * other[index]!, 0);
      const bound =
        4 * (m + n + r) ** 2 * EPS * scale * norm(b.data) * norm(a.data) * norm(c.data) * norm(d.data);
      const delta = new LowRankDelta(b, a, { scale });
      expect(Math.abs(delta.inner(new LowRankDelta(c, d)) - sum)).toBeLessThanOrEqual(bound);
      const squared = 4 * (m + n + r) ** 2 * EPS * (scale * norm(b.data) * norm(a.data)) ** 2;
      expect(Math.abs(delta.frobeniusNorm() ** 2 - norm(dense) ** 2)).toBeLessThanOrEqual(squared);
    }),
    { seed: 3, numRuns: 60 },
  );
});

test("factors that cancel have norm 0, never the root of a negative number", () => {
  const delta = new LowRankDelta(matrix([[1, -1]]), matrix([[0.1], [0.1]]));
  expect(delta.frobeniusNorm()).toBe(0);
});

test("factors of different ranks are refused", async () => {
  const error = await failure(() => new LowRankDelta(matrix([[1, 2]]), matrix([[1]])));
  expect([error.code, error.message]).toEqual(["SHAPE", "up (1 × 2) and down (1 × 1) have different ranks"]);
});

function norm(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}
