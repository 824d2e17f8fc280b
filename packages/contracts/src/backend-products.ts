import { multiply, randomMatrix, transpose } from "@lora/linalg";
import { expect, test } from "vitest";
import {
  absolute,
  bench,
  roundedLike,
  type Subject,
  TRANSPOSITIONS,
  UNIT_ROUNDOFF,
} from "./backend-bench.ts";

type Sizes = readonly [m: number, k: number, n: number];

/** Sizes around the edges of tiles of 4, 8, 16, 32, 64 and 128, sums long enough to be cut up, and degenerate ones. */
const SIZES: readonly Sizes[] = [
  [1, 1, 1],
  [1, 7, 1],
  [3, 5, 2],
  [4, 4, 4],
  [5, 4, 3],
  [15, 16, 17],
  [16, 33, 8],
  [31, 2, 65],
  [64, 17, 63],
  [68, 20, 64],
  [129, 36, 132],
  [130, 5, 33],
  [7, 64, 256],
  [200, 68, 1],
  [3, 132, 100],
  [2, 2100, 3],
  [0, 3, 2],
  [2, 0, 3],
];

/** `gemm` and `gram`: all shapes and transpositions, refusals, NaN staying where it is. */
export function testProducts<S>(subject: Subject<S>): void {
  for (const sizes of SIZES) testTranspositions(subject, sizes);
  const { dtype } = subject;

  test("a NaN stays in its row of the product", async () => {
    const { backend, put, take } = await bench(subject);
    const a = randomMatrix(17, 9, 1);
    a.data[4 * 9 + 2] = Number.NaN;
    const product = await take(backend.run("gemm", { a: put(a), b: put(randomMatrix(9, 18, 2)) }));
    const rowsWithNaN = Array.from({ length: 17 }, (_, i) =>
      product.slice(i * 18, (i + 1) * 18).some(Number.isNaN),
    );
    expect(rowsWithNaN.flatMap((has, i) => (has ? [i] : []))).toEqual([4]);
  });

  test("a NaN stays in its column of the product", async () => {
    const { backend, put, take } = await bench(subject);
    const b = randomMatrix(9, 18, 2);
    b.data[8 * 18 + 17] = Number.NaN;
    const product = await take(backend.run("gemm", { a: put(randomMatrix(17, 9, 1)), b: put(b) }));
    expect(product.flatMap((value, i) => (Number.isNaN(value) ? [i % 18] : []))).toEqual(
      Array.from({ length: 17 }, () => 17),
    );
  });

  test("sizes that do not fit are refused with both shapes", async () => {
    const { backend, put } = await bench(subject);
    const args = { a: put(randomMatrix(2, 3, 1)), b: put(randomMatrix(2, 3, 2)) };
    expect(backend.supports("gemm", args)).toBe(false);
    expect(() => backend.run("gemm", args)).toThrow(/2 × 3.*2 × 3/);
  });

  test.each([
    [1, 1],
    [5, 17],
    [1500, 9],
  ])("the Gram matrix of %i × %i is xᵀ · x and symmetric to the last bit", async (m, n) => {
    const { backend, put, take } = await bench(subject);
    const x = roundedLike(randomMatrix(m, n, 3), dtype);
    const gram = await take(backend.run("gram", { x: put(x) }));
    const exact = multiply(x, x, { transA: true });
    const size = multiply(absolute(x), absolute(x), { transA: true });
    gram.forEach((value, at) => {
      const bound = 2 * (m + 1) * UNIT_ROUNDOFF[dtype] * size.data[at];
      expect(Math.abs(value - exact.data[at])).toBeLessThanOrEqual(bound);
      expect(value).toBe(gram[(at % n) * n + Math.floor(at / n)]);
    });
  });
}

function testTranspositions<S>(subject: Subject<S>, [m, k, n]: Sizes): void {
  test.each(TRANSPOSITIONS)(
    `${m} × ${k} · ${k} × ${n}, transposed: $transA, $transB`,
    async ({ transA, transB }) => {
      const { backend, put, take } = await bench(subject);
      const a = roundedLike(randomMatrix(m, k, 1), subject.dtype);
      const b = roundedLike(randomMatrix(k, n, 2), subject.dtype);
      const args = {
        a: put(transA ? transpose(a) : a),
        b: put(transB ? transpose(b) : b),
        transA,
        transB,
        alpha: 0.5,
      };
      expect(backend.supports("gemm", args)).toBe(true);
      const product = backend.run("gemm", args);
      expect(product.shape).toEqual([m, n]);
      const exact = multiply(a, b, { alpha: 0.5 });
      const size = multiply(absolute(a), absolute(b));
      (await take(product)).forEach((value, i) => {
        // |c − exact| ≤ 2·(k + 1)·u·(|a|·|b|), entry by entry
        const bound = 2 * (k + 1) * UNIT_ROUNDOFF[subject.dtype] * size.data[i];
        expect(Math.abs(value - exact.data[i])).toBeLessThanOrEqual(bound);
      });
      args.a.dispose();
      args.b.dispose();
    },
  );
}
