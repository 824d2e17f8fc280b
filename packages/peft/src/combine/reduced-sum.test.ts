import { maxAbs, type Matrix, multiply, randomMatrix, wasmEngine } from "@lora/linalg";
import { expect, test } from "vitest";
import { DenseDelta } from "../dense-delta.ts";
import type { Delta } from "../delta.ts";
import { KroneckerDelta } from "../kronecker-delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { exactSum, reducedSum } from "./_reduced-sum.ts";

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

test("Kronecker products add up in either factor, in the small matrices, to none where they cancel", () => {
  const [a, b] = [randomMatrix(6, 2, 1), randomMatrix(2, 5, 2)];
  const outer = new LowRankDelta(a, b);
  const block = new LowRankDelta(randomMatrix(4, 3, 3), randomMatrix(3, 7, 4));
  const other = new LowRankDelta(randomMatrix(4, 1, 5), randomMatrix(1, 7, 6));
  const one = new KroneckerDelta(outer, block, { scale: 2 });
  const turned = new KroneckerDelta(new LowRankDelta(a, b, { scale: -3 }), other, { scale: 0.5 });
  expect(exactSum([one, one], [1, 0.5]).maxRank).toBe(6);
  const sum = exactSum([one, turned], [1, 2]);
  expect(sum).toBeInstanceOf(KroneckerDelta);
  expect(sum.maxRank).toBe(8);
  const whole = wholeOf(sum).data;
  const [x, y] = [wholeOf(one).data, wholeOf(turned).data];
  whole.forEach((value, at) => expect(value).toBeCloseTo(x[at]! + 2 * y[at]!, 12));
  expect(exactSum([one, one], [1, -1]).frobeniusNorm()).toBe(0);
});

test("the basis of stacked updates is that of their factors, which are formed only when asked for", () => {
  const low = new LowRankDelta(randomMatrix(384, 8, 50), randomMatrix(8, 400, 51), { scale: -0.3, engine });
  const deltas = [kronecker(3, 1), low, kronecker(2, 9)];
  const sum = exactSum(deltas, [0.5, 2, -1], { engine });
  const { up, down, scale } = sum.storedFactors();
  const expected = new LowRankDelta(up, down, { scale, engine }).singularValues();
  const basis = sum.basis();
  expect("form" in basis).toBe(true);
  expected.forEach((value, i) => expect(Math.abs(basis.s[i]! - value)).toBeLessThan(2 ** -26 * expected[0]!));
});
