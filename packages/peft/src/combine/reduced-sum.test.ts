import { maxAbs, type Matrix, multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import { expect, test } from "vitest";
import { DenseDelta } from "../dense-delta.ts";
import type { Delta } from "../delta.ts";
import { KroneckerDelta } from "../kronecker-delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { reducedSum } from "./_reduced-sum.ts";

const engine = wasmEngine();

function kronecker(rank: number, seed: number): Delta {
  const outer = new LowRankDelta(randomMatrix(16, rank, seed), randomMatrix(rank, 20, seed + 1));
  const inner = new LowRankDelta(randomMatrix(24, 20, seed + 2), randomMatrix(20, 20, seed + 3));
  return new KroneckerDelta(outer, inner, { scale: 0.25 });
}

function wholeOf(delta: Delta): Matrix {
  const { up, down } = delta.factors();
  return multiply(up, down, { engine });
}

const lowRank = new LowRankDelta(randomMatrix(384, 300, 30), randomMatrix(300, 400, 31));
const dense = new DenseDelta(randomMatrix(384, 400, 40));

test.each([
  ["two Kronecker products", [kronecker(14, 1), kronecker(14, 5)], 384],
  ["one with itself: no larger than alone", [kronecker(14, 1), kronecker(14, 1)], 280],
  ["one with another of the same outer factor", [kronecker(13, 1), kronecker(13, 1), kronecker(2, 9)], 300],
  ["a product and a Kronecker product", [lowRank, kronecker(10, 2)], 384],
  ["a whole matrix among them", [dense, kronecker(10, 2), lowRank], 384],
] as const)("the sum of %s is exact, and of the least inner size", (_, deltas, inner) => {
  const weights = deltas.map((__, i) => 0.5 + i);
  const update = reducedSum(deltas, weights, { engine });
  expect([update.rows, update.cols, update.maxRank]).toEqual([384, 400, inner]);
  const sum = wholeOf(update);
  const rest = { ...sum, data: Float64Array.from(sum.data) };
  deltas.forEach((delta, i) =>
    wholeOf(delta).data.forEach((value, at) => (rest.data[at]! -= weights[i]! * value)),
  );
  expect(maxAbs(rest)).toBeLessThan(1e-11 * maxAbs(sum));
});
