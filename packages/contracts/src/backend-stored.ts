import { type Matrix, multiply, randomMatrix, transpose } from "@lora/linalg";
import { type ComputeDType, decode, type DType, encode, type Tensor } from "@lora/tensor";
import { expect, test } from "vitest";
import { absolute, bench, type Subject, TRANSPOSITIONS, UNIT_ROUNDOFF } from "./backend-bench.ts";

/** The types that weights are stored in, and sizes that some tile divides, and that none does. */
const STORED: readonly DType[] = ["f16", "bf16", "f8e4m3", "f8e5m2", "f8e4m3fnuz", "f8e5m2fnuz"];
const SIZES = [
  [36, 20, 68],
  [35, 19, 67],
  [132, 24, 2],
] as const;

/** Products of operands as they are stored: each type, alone and with another, in every orientation. */
export function testStored<S>(subject: Subject<S>, types: readonly DType[] = STORED): void {
  for (const [at, dtype] of types.entries()) {
    const other = types[(at + 1) % types.length];
    for (const [m, k, n] of SIZES) {
      test.each(TRANSPOSITIONS)(
        `${m} × ${k} in ${dtype} · ${k} × ${n} in ${other}, transposed: $transA, $transB`,
        async ({ transA, transB }) => {
          const [a, b] = [storedIn(randomMatrix(m, k, 1), dtype), storedIn(randomMatrix(k, n, 2), other)];
          await expectProduct(subject, { a, b, transA, transB });
        },
      );
    }
    test.each(TRANSPOSITIONS)(
      `both in ${dtype}, transposed: $transA, $transB`,
      async ({ transA, transB }) => {
        const [a, b] = [storedIn(randomMatrix(36, 40, 3), dtype), storedIn(randomMatrix(40, 72, 4), dtype)];
        await expectProduct(subject, { a, b, transA, transB });
      },
    );
  }

  test.each(types)("every pattern of %s is read exactly, by fours and alone", async (dtype) => {
    const { backend, take } = await bench(subject);
    const wide = dtype === "f16" || dtype === "bf16";
    const count = wide ? 65_536 : 256;
    const patterns = Array.from({ length: count }, (_, i) => i);
    const bytes = new Uint8Array((wide ? Uint16Array.from(patterns) : Uint8Array.from(patterns)).buffer);
    const expected = new Float64Array(count);
    decode(bytes, dtype, expected);
    const x = backend.upload(bytes, { dtype, shape: [count, 1] }, subject.dtype);
    const one = backend.upload(encode([1], "f32"), { dtype: "f32", shape: [1, 1] }, subject.dtype);
    const read = (value: number): number => readAs(value, subject.dtype);
    for (const found of [
      await take(backend.run("scale", { alpha: 1, x })),
      await take(backend.run("gemm", { a: x, b: one })),
      await take(backend.run("gemm", { a: one, b: x, transB: true })),
    ]) {
      expect(found.map(read)).toEqual(Array.from(expected, read));
    }
  });
}

/** Devices may flush subnormal f32, and lose the sign of zero when they add to it. */
function readAs(value: number, dtype: ComputeDType): number {
  return value === 0 || (dtype === "f32" && Math.abs(value) < 2 ** -126) ? 0 : value;
}

/** A matrix, and its values as stored. */
interface StoredMatrix extends Matrix {
  readonly stored: DType;
}

function storedIn(a: Matrix, stored: DType): StoredMatrix {
  const data = new Float64Array(a.data.length);
  decode(encode(a.data, stored), stored, data);
  return { rows: a.rows, cols: a.cols, data, stored };
}

interface StoredProduct {
  readonly a: StoredMatrix;
  readonly b: StoredMatrix;
  readonly transA: boolean;
  readonly transB: boolean;
}

async function expectProduct<S>(subject: Subject<S>, { a, b, transA, transB }: StoredProduct): Promise<void> {
  const { backend, take } = await bench(subject);
  const put = (matrix: StoredMatrix, turned: boolean): Tensor<S> => {
    const { rows, cols, data } = turned ? transpose(matrix) : matrix;
    return backend.upload(
      encode(data, matrix.stored),
      { dtype: matrix.stored, shape: [rows, cols] },
      subject.dtype,
    );
  };
  const args = { a: put(a, transA), b: put(b, transB), transA, transB };
  const found = await take(backend.run("gemm", args));
  const [exact, size] = [multiply(a, b), multiply(absolute(a), absolute(b))];
  const excess = found.map(
    // |c − exact| ≤ 2·(k + 1)·u·(|a|·|b|), entry by entry
    (value, i) =>
      Math.abs(value - exact.data[i]) - 2 * (a.cols + 1) * UNIT_ROUNDOFF[subject.dtype] * size.data[i],
  );
  expect(Math.max(...excess)).toBeLessThanOrEqual(0);
  args.a.dispose();
  args.b.dispose();
}
