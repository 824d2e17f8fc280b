import { type Matrix, multiply, randomMatrix, transpose } from "@lora/linalg";
import type { Tensor } from "@lora/tensor";
import { expect, test } from "vitest";
import {
  absolute,
  bench,
  roundedLike,
  type Subject,
  TRANSPOSITIONS,
  UNIT_ROUNDOFF,
} from "./backend-bench.ts";

/** `gemm` and `gram` of stacks: each product for itself, a NaN staying in its own. */
export function testStacks<S>(subject: Subject<S>): void {
  const unit = UNIT_ROUNDOFF[subject.dtype];
  const stack = (count: number, [rows, cols]: readonly [number, number], seed: number): Matrix[] =>
    Array.from({ length: count }, (_, i) => roundedLike(randomMatrix(rows, cols, seed + i), subject.dtype));
  const put = async (matrices: readonly Matrix[]): Promise<Tensor<S>> => {
    const { putShaped } = await bench(subject);
    const [{ rows, cols }] = matrices;
    return putShaped(
      matrices.flatMap(({ data }) => [...data]),
      [matrices.length, rows, cols],
    );
  };

  test.each(
    [
      [1, 5, 6, 7],
      [3, 20, 12, 40],
      [4, 17, 1100, 3],
      [7, 1, 9, 33],
    ].flatMap((sizes) => TRANSPOSITIONS.map((turned) => ({ sizes, ...turned }))),
  )("a stack of products $sizes, transposed: $transA, $transB", async ({ sizes, transA, transB }) => {
    const { backend, take } = await bench(subject);
    const [count, m, k, n] = sizes;
    const [a, b] = [stack(count, [m, k], 1), stack(count, [k, n], 50)];
    const args = {
      a: await put(transA ? a.map(transpose) : a),
      b: await put(transB ? b.map(transpose) : b),
      transA,
      transB,
      alpha: -2,
    };
    const product = backend.run("gemm", args);
    expect(product.shape).toEqual([count, m, n]);
    const found = await take(product);
    const excess = a.flatMap((left, i) => {
      const exact = multiply(left, b[i], { alpha: -2 });
      const size = multiply(absolute(left), absolute(b[i]), { alpha: 2 });
      return Array.from(
        exact.data,
        (value, at) => Math.abs(found[i * m * n + at] - value) - 2 * (k + 1) * unit * size.data[at],
      );
    });
    expect(Math.max(...excess)).toBeLessThanOrEqual(0);
  });

  test("a NaN stays in its product", async () => {
    const { backend, take } = await bench(subject);
    const a = stack(3, [5, 8], 1);
    a[1].data[17] = Number.NaN;
    const found = await take(backend.run("gemm", { a: await put(a), b: await put(stack(3, [8, 4], 9)) }));
    expect(found.flatMap((value, i) => (Number.isNaN(value) ? [i] : []))).toEqual([28, 29, 30, 31]);
  });

  test("the Gram matrices of a stack", async () => {
    const { backend, take } = await bench(subject);
    const x = stack(3, [20, 6], 3);
    const found = await take(backend.run("gram", { x: await put(x) }));
    const bounds = x.flatMap((matrix) => [
      ...multiply(absolute(matrix), absolute(matrix), { transA: true }).data,
    ]);
    x.flatMap((matrix) => [...multiply(matrix, matrix, { transA: true }).data]).forEach((value, at) => {
      expect(Math.abs(found[at] - value)).toBeLessThanOrEqual(2 * 21 * unit * bounds[at]);
      const [i, j] = [Math.floor((at % 36) / 6), at % 6];
      expect(found[at]).toBe(found[36 * Math.floor(at / 36) + 6 * j + i]);
    });
  });

  test("stacks that do not fit each other are refused with both shapes", async () => {
    const { backend } = await bench(subject);
    const args = { a: await put(stack(2, [3, 4], 1)), b: await put(stack(3, [4, 5], 2)) };
    expect(backend.supports("gemm", args)).toBe(false);
    expect(() => backend.run("gemm", args)).toThrow("the stacks of gemm differ: 2 × 3 × 4 and 3 × 4 × 5");
    const alone = (await bench(subject)).put(randomMatrix(4, 5, 3));
    expect(() => backend.run("gemm", { a: args.a, b: alone })).toThrow(
      "gemm takes two matrices: 2 × 3 × 4 and 4 × 5",
    );
  });
}
