import { matrix, multiply, randomMatrix, scaledColumns } from "@lora/linalg";
import { expect, test } from "vitest";
import type { Delta } from "./delta.ts";
import { KroneckerDelta } from "./kronecker-delta.ts";
import { LowRankDelta } from "./low-rank-delta.ts";

const EPS = 2 ** -52;

function small(seed: number, [rows, rank, cols]: readonly [number, number, number]): LowRankDelta {
  return new LowRankDelta(randomMatrix(rows, rank, seed), randomMatrix(rank, cols, seed + 1));
}

/** The same update as a plain product. */
function plain(delta: Delta): LowRankDelta {
  const { up, down, scale } = delta.storedFactors();
  return new LowRankDelta(up, down, { scale });
}

test("hand-worked: [1 2] ⊗ [3; 4], and singular values √5 · 5", () => {
  const outer = new LowRankDelta(matrix([[1]]), matrix([[1, 2]]));
  const inner = new LowRankDelta(matrix([[3], [4]]), matrix([[1]]));
  const delta = new KroneckerDelta(outer, inner, { scale: 2 });
  const { up, down } = delta.factors();
  expect(multiply(up, down)).toEqual(
    matrix([
      [6, 12],
      [8, 16],
    ]),
  );
  expect(delta.svd().s[0]).toBeCloseTo(2 * 5 * Math.sqrt(5), 13);
  expect(delta.frobeniusNorm()).toBeCloseTo(2 * 5 * Math.sqrt(5), 13);
});

test.each([0.5, -3])("at scale %d its spectrum says the same as that of its product", (scale) => {
  const delta = new KroneckerDelta(small(1, [6, 3, 5]), small(3, [4, 2, 7]), { scale });
  const { s, left, right } = delta.spectrum();
  const { up, down } = delta.storedFactors();
  const expected = plain(delta).svd().s;
  // Values of a spectrum are right to 2⁻²⁷, relatively.
  s.forEach((value, index) =>
    expect(Math.abs(value - expected[index]!)).toBeLessThan(2 ** -26 * expected[0]!),
  );
  const u = scaledColumns(multiply(up, left), s);
  const again = multiply(u, multiply(down, right, { transA: true }), { transB: true });
  const dense = multiply(delta.factors().up, delta.factors().down);
  again.data.forEach((value, index) => {
    expect(Math.abs(value - dense.data[index]!)).toBeLessThan(2 ** -25 * expected[0]!);
  });
});

test.each([
  ["of the same blocks", small(5, [6, 1, 5]), small(7, [4, 2, 7])],
  ["of other blocks", small(5, [4, 1, 7]), small(7, [6, 2, 5])],
])("its inner product with another %s is that of the products", (_, outer, inner) => {
  const a = new KroneckerDelta(small(1, [6, 3, 5]), small(3, [4, 2, 7]), { scale: -0.5 });
  const b = new KroneckerDelta(outer, inner, { scale: 2 });
  const bound = 1000 * EPS * plain(a).frobeniusNorm() * plain(b).frobeniusNorm();
  expect(Math.abs(a.inner(b) - plain(a).inner(plain(b)))).toBeLessThan(bound);
  expect(Math.abs(a.inner(plain(b)) - plain(a).inner(plain(b)))).toBeLessThan(bound);
});

test("its products are made with one small matrix after the other", () => {
  const delta = new KroneckerDelta(small(1, [6, 3, 5]), small(3, [4, 2, 7]), { scale: -1.5 });
  const [x, y] = [randomMatrix(35, 3, 8), randomMatrix(24, 2, 9)];
  const bound = 1000 * EPS * plain(delta).frobeniusNorm();
  const pairs = [
    [delta.multiply(x), plain(delta).multiply(x)],
    [delta.multiplyTransposed(y), plain(delta).multiplyTransposed(y)],
  ] as const;
  for (const [found, expected] of pairs) {
    expect([found.rows, found.cols]).toEqual([expected.rows, expected.cols]);
    found.data.forEach((value, at) => expect(Math.abs(value - expected.data[at]!)).toBeLessThan(bound));
  }
});
