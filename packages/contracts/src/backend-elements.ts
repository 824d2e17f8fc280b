import { randomMatrix, transpose } from "@lora/linalg";
import { encode } from "@lora/tensor";
import { expect, test } from "vitest";
import { bench, roundedLike, type Subject } from "./backend-bench.ts";

/** What is done element by element, and what moves elements. */
export function testElements<S>(subject: Subject<S>): void {
  const round = subject.dtype === "f32" ? Math.fround : (value: number) => value;

  test("axpy is alpha · x + y", async () => {
    const { backend, putShaped, take } = await bench(subject);
    const [x, y] = [putShaped([1, 2, 3], [1, 3]), putShaped([10, 20, 30], [1, 3])];
    const sum = backend.run("axpy", { alpha: -2, x, y });
    expect(sum.shape).toEqual([1, 3]);
    expect(await take(sum)).toEqual([8, 16, 24]);
  });

  test("scale is alpha · x, of any shape", async () => {
    const { backend, putShaped, take } = await bench(subject);
    const scaled = backend.run("scale", { alpha: -0.5, x: putShaped([1, -2, 3, 4], [2, 1, 2]) });
    expect(scaled.shape).toEqual([2, 1, 2]);
    expect(await take(scaled)).toEqual([-0.5, 1, -1.5, -2]);
  });

  test.each([
    ["add", (x: number, y: number) => x + y],
    ["subtract", (x: number, y: number) => x - y],
    ["multiply", (x: number, y: number) => x * y],
  ] as const)("map2 %s, rounded once", async (kind, exact) => {
    const { backend, put, take } = await bench(subject);
    const values = [1, 2]
      .map((seed) => randomMatrix(67, 3, seed))
      .map((a) => ({ ...a, data: a.data.map(round) }));
    const [x, y] = values;
    const found = await take(backend.run("map2", { kind, x: put(x), y: put(y) }));
    expect(found).toEqual(Array.from(x.data, (value, i) => round(exact(value, y.data[i]))));
  });

  test("map2 and axpy refuse shapes that differ, with both", async () => {
    const { backend, putShaped } = await bench(subject);
    const [x, y] = [putShaped([1, 2], [1, 2]), putShaped([1, 2], [2, 1])];
    expect(backend.supports("map2", { kind: "add", x, y })).toBe(false);
    expect(() => backend.run("map2", { kind: "add", x, y })).toThrow(
      "map2 takes equal shapes: 1 × 2 and 2 × 1",
    );
    expect(() => backend.run("axpy", { alpha: 1, x, y })).toThrow("axpy takes equal shapes: 1 × 2 and 2 × 1");
  });

  test.each([
    [1, 1],
    [16, 17],
    [33, 5],
    [0, 4],
  ])("transpose of %i × %i moves every element", async (m, n) => {
    const { backend, put, take } = await bench(subject);
    const x = roundedLike(randomMatrix(m, n, 4), subject.dtype);
    const turned = backend.run("transpose", { x: put(x) });
    expect(turned.shape).toEqual([n, m]);
    expect(await take(turned)).toEqual([...transpose(x).data]);
  });

  test("transpose and gram refuse what is no matrix", async () => {
    const { backend, putShaped } = await bench(subject);
    const x = putShaped([1, 2], [2]);
    expect(backend.supports("transpose", { x })).toBe(false);
    expect(() => backend.run("transpose", { x })).toThrow("transpose takes a matrix: 2");
    expect(() => backend.run("gram", { x })).toThrow("gram takes a matrix: 2");
  });

  test.each([
    ["bf16", [1, -2.5, Number.NEGATIVE_INFINITY, 0.15625]],
    ["f16", [1, -2.5, 0.15625, 65_504, 2 ** -24, -3 * 2 ** -24, 2 ** -14, Number.POSITIVE_INFINITY]],
    ["i8", [1, -3, 127]],
    ["f64", [1, -2.5, 0.15625]],
  ] as const)("stored %s is decoded on the way in, for whatever follows", async (stored, values) => {
    const { backend, take } = await bench(subject);
    const spec = { dtype: stored, shape: [values.length, 1] };
    const tensor = backend.upload(encode(values, stored), spec, subject.dtype);
    expect(tensor.dtype).toBe(subject.dtype);
    expect(await take(backend.run("scale", { alpha: 2, x: tensor }))).toEqual(
      values.map((value) => 2 * value),
    );
    const one = backend.upload(encode([1], "f32"), { dtype: "f32", shape: [1, 1] }, subject.dtype);
    expect(await take(backend.run("gemm", { a: tensor, b: one }))).toEqual([...values]);
    expect(await take(backend.run("gemm", { a: one, b: tensor, transB: true }))).toEqual([...values]);
    expect(await take(tensor)).toEqual([...values]);
  });

  test("bytes that do not match the shape are refused", async () => {
    const { backend } = await bench(subject);
    const spec = { dtype: "f32", shape: [2] } as const;
    expect(() => backend.upload(new Uint8Array(12), spec, subject.dtype)).toThrow(
      "2 values of f32 take 8 bytes",
    );
  });
}
