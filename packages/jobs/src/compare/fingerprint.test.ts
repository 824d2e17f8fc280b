import { type Matrix, multiply, randomMatrix, thinQr } from "@lora/linalg";
import { LowRankDelta } from "@lora/peft";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprint, probed, probedPath } from "./fingerprint.ts";

const PATH = "down_blocks_1_attn1_to_q";

function nameOf(up: Matrix, down: Matrix, scale = 1): string {
  const delta = new LowRankDelta(up, down, { scale });
  return fingerprint(probed(delta, PATH), delta.frobeniusNorm());
}

function rounded({ rows, cols, data }: Matrix): Matrix {
  return { rows, cols, data: Float32Array.from(data) };
}

/** Bits in which two names differ. */
function differing(a: string, b: string): number {
  const bits = (name: string): bigint => BigInt(`0x${name.split(":")[1]!}`);
  return (bits(a) ^ bits(b)).toString(2).replaceAll("0", "").length;
}

const shapes = fc.record({
  rows: fc.integer({ min: 1, max: 8 }),
  cols: fc.integer({ min: 1, max: 8 }),
  rank: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(2 ** 30),
});

describe("an update has one name", () => {
  test("whatever its factors: 10⁴ updates, refactored, rescaled, permuted, and held as f32", () => {
    let cases = 0;
    fc.assert(
      fc.property(shapes, ({ rows, cols, rank, seed }) => {
        // Of values that f32 holds, so that holding them as f32 is the same update.
        const [up, down] = [
          rounded(randomMatrix(rows, rank, seed)),
          rounded(randomMatrix(rank, cols, seed + 0.5)),
        ];
        const wide = { ...up, data: Float64Array.from(up.data) };
        const name = nameOf(up, down);
        // 4·up · R and Rᵀ · down / 4 for orthonormal R; then in f64 with the pairs in reverse order.
        const { q: turn } = thinQr(randomMatrix(rank, rank, seed + 0.25));
        const turned = [multiply(wide, turn, { alpha: 4 }), multiply(turn, down, { transA: true })] as const;
        expect(nameOf(...turned, 0.25)).toBe(name);
        expect(nameOf(multiply(wide, reversal(rank)), multiply(reversal(rank), down))).toBe(name);
        cases += 1;
      }),
      { numRuns: 10_000, seed: 1 },
    );
    expect(cases).toBe(10_000);
  }, 120_000);

  test("whether it is stored whole or as factors", () => {
    const [up, down] = [randomMatrix(9, 3, 1), randomMatrix(3, 7, 2)];
    expect(nameOf(multiply(up, down), identity(7))).toBe(nameOf(up, down));
  });
});

describe("other updates have others", () => {
  test("of 200 pairs of unrelated ones, the bits that differ are half, within five deviations", () => {
    const counts = Array.from({ length: 200 }, (_, seed) =>
      differing(
        nameOf(randomMatrix(20, 4, seed), randomMatrix(4, 30, seed + 0.5)),
        nameOf(randomMatrix(20, 4, seed + 1000), randomMatrix(4, 30, seed + 1000.5)),
      ),
    );
    const total = counts.reduce((sum, count) => sum + count, 0);
    // Binomial: 12800 bits with a chance of 1/2, a deviation of 57.
    expect(Math.abs(total - 6400)).toBeLessThan(5 * 57);
    expect(Math.min(...counts)).toBeGreaterThan(8);
  });

  test("the opposite differs in all bits, the double only in its size", () => {
    const [up, down] = [randomMatrix(9, 3, 1), randomMatrix(3, 7, 2)];
    const name = nameOf(up, down);
    expect(differing(name, nameOf(up, down, -1))).toBe(64);
    const [, bits, size] = nameOf(up, down, 2).split(":");
    expect([bits, Number(size)]).toEqual([name.split(":")[1], Number(name.split(":")[2]) + 1]);
  });

  test("the share of bits that differ is the angle over π", () => {
    const angle = 0.3;
    const share = Array.from({ length: 100 }, (_, seed) => {
      const up = randomMatrix(24, 8, seed);
      const down = randomMatrix(8, 24, seed + 0.5);
      const other = multiply(randomMatrix(24, 8, seed + 0.25), randomMatrix(8, 24, seed + 0.75));
      const update = multiply(up, down);
      const turned = update.data.map(
        (value, i) => Math.cos(angle) * value + Math.sin(angle) * other.data[i]!,
      );
      return differing(nameOf(up, down), nameOf({ ...update, data: turned }, identity(24))) / 64;
    });
    const mean = share.reduce((sum, value) => sum + value, 0) / share.length;
    // 6400 bits: a deviation of 0.0037. `other` is neither exactly orthogonal nor of the same norm.
    expect(mean).toBeGreaterThan(angle / Math.PI - 0.02);
    expect(mean).toBeLessThan(angle / Math.PI + 0.02);
  });
});

test("hand-worked: size is log₂ of the norm to the nearest quarter, signs are hexadecimal digits from the left", () => {
  const sums = Float64Array.from({ length: 64 }, (_, i) => (i === 0 || i === 63 ? -1 : 1));
  expect(fingerprint(sums, 1)).toBe("f1:8000000000000001:0.00");
  expect(fingerprint(sums, 3)).toBe("f1:8000000000000001:1.50");
  expect(fingerprint(sums, 0.99)).toBe("f1:8000000000000001:0.00");
  expect(fingerprint(new Float64Array(64), 0)).toBe("f1:zero");
});

test("a fingerprint stays what it was: the probes of version f1", () => {
  const ones = { rows: 3, cols: 1, data: Float64Array.of(1, 2, 3) };
  expect(nameOf(ones, { rows: 1, cols: 2, data: Float64Array.of(1, -1) })).toMatchInlineSnapshot(
    `"f1:3b95eca961f8feb3:2.50"`,
  );
});

test("the component is no part of what probes depend on", () => {
  expect(["unet/a_b", "a_b", "model/a_b"].map(probedPath)).toEqual(["a_b", "a_b", "a_b"]);
});

function identity(size: number): Matrix {
  return matrixOf(size, (i, j) => Number(i === j));
}

function reversal(size: number): Matrix {
  return matrixOf(size, (i, j) => Number(i + j === size - 1));
}

function matrixOf(size: number, value: (i: number, j: number) => number): Matrix {
  const data = Float64Array.from({ length: size * size }, (_, at) => value(Math.floor(at / size), at % size));
  return { rows: size, cols: size, data };
}
