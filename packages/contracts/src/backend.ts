import { multiply, randomMatrix, transpose, type Matrix } from "@lora/linalg";
import { type Backend, type ComputeDType, encode, type Tensor } from "@lora/tensor";
import { describe, expect, test } from "vitest";

/** Sizes around the edges of tiles of 4, 8 and 16, and degenerate ones. */
const SIZES: readonly (readonly [m: number, k: number, n: number])[] = [
  [1, 1, 1],
  [1, 7, 1],
  [3, 5, 2],
  [4, 4, 4],
  [5, 4, 3],
  [15, 16, 17],
  [16, 33, 8],
  [31, 2, 65],
];

const UNIT_ROUNDOFF = { f64: 2 ** -53, f32: 2 ** -24, f16: 2 ** -11 } as const;

/**
 * What every backend must do: the operations it supports, right to the rounding of its dtype, for all shapes and
 * transpositions; refusals; NaN staying where it is.
 */
export function testBackend<S>(name: string, open: () => Promise<Backend<S>>, dtype: ComputeDType): void {
  describe(`${name} as a backend, ${dtype}`, () => {
    for (const [m, k, n] of SIZES) testProducts(open, dtype, [m, k, n]);

    test("axpy is alpha · x + y", async () => {
      const { backend, put, get } = await bench(open, dtype);
      const sum = backend.run("axpy", { alpha: -2, x: put(row(1, 2, 3)), y: put(row(10, 20, 30)) });
      expect(await get(sum)).toEqual([8, 16, 24]);
      expect(sum.shape).toEqual([1, 3]);
    });

    test("a NaN stays in its row of the product", async () => {
      const { backend, put, get } = await bench(open, dtype);
      const a = randomMatrix(17, 9, 1);
      a.data[4 * 9 + 2] = Number.NaN;
      const product = await get(backend.run("gemm", { a: put(a), b: put(randomMatrix(9, 18, 2)) }));
      const rowsWithNaN = Array.from({ length: 17 }, (_, i) =>
        product.slice(i * 18, (i + 1) * 18).some(Number.isNaN),
      );
      expect(rowsWithNaN.flatMap((has, i) => (has ? [i] : []))).toEqual([4]);
    });

    test("sizes that do not fit are refused with both shapes", async () => {
      const { backend, put } = await bench(open, dtype);
      const args = { a: put(randomMatrix(2, 3, 1)), b: put(randomMatrix(2, 3, 2)) };
      expect(() => backend.run("gemm", args)).toThrow(/2 × 3.*2 × 3/);
    });

    test("stored bf16 is decoded on the way in", async () => {
      const backend = await open();
      const tensor = backend.upload(
        encode([1, -2.5, 0.15625], "bf16"),
        { dtype: "bf16", shape: [3, 1] },
        dtype,
      );
      expect([...(await backend.download(tensor))]).toEqual([1, -2.5, 0.15625]);
      tensor.dispose();
    });
  });
}

function testProducts<S>(
  open: () => Promise<Backend<S>>,
  dtype: ComputeDType,
  [m, k, n]: readonly [number, number, number],
): void {
  const cases = [false, true].flatMap((transA) => [false, true].map((transB) => ({ transA, transB })));
  test.each(cases)(`${m} × ${k} · ${k} × ${n}, transposed: $transA, $transB`, async ({ transA, transB }) => {
    const { backend, put, get } = await bench(open, dtype);
    const a = roundedLike(randomMatrix(m, k, 1), dtype);
    const b = roundedLike(randomMatrix(k, n, 2), dtype);
    const args = {
      a: put(transA ? transpose(a) : a),
      b: put(transB ? transpose(b) : b),
      transA,
      transB,
      alpha: 0.5,
    };
    expect(backend.supports("gemm", args)).toBe(true);
    const product = await get(backend.run("gemm", args));
    const exact = multiply(a, b, { alpha: 0.5 });
    const size = multiply(absolute(a), absolute(b));
    product.forEach((value, i) => {
      // |c − exact| ≤ 2·(k + 1)·u·(|a|·|b|), entry by entry
      const bound = 2 * (k + 1) * UNIT_ROUNDOFF[dtype] * size.data[i];
      expect(Math.abs(value - exact.data[i])).toBeLessThanOrEqual(bound);
    });
  });
}

async function bench<S>(open: () => Promise<Backend<S>>, dtype: ComputeDType) {
  const backend = await open();
  const put = (a: Matrix): Tensor<S> =>
    backend.upload(encode(a.data, dtype), { dtype, shape: [a.rows, a.cols] }, dtype);
  const get = async (tensor: Tensor<S>): Promise<number[]> => [...(await backend.download(tensor))];
  return { backend, put, get };
}

function row(...values: number[]): Matrix {
  return { rows: 1, cols: values.length, data: Float64Array.from(values) };
}

function absolute(a: Matrix): Matrix {
  return { ...a, data: a.data.map(Math.abs) };
}

/** Values the dtype holds exactly, so that only the product is judged. */
function roundedLike(a: Matrix, dtype: ComputeDType): Matrix {
  return dtype === "f64"
    ? a
    : { ...a, data: Float64Array.from(a.data, (value) => Math.round(value * 64) / 64) };
}
