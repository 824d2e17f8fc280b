import type { ComputeDType } from "@lora/tensor";
import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { referenceBackend } from "./reference-backend.ts";

const backend = referenceBackend();

function upload(values: readonly number[], shape: readonly number[], as: ComputeDType = "f64") {
  return backend.upload(encode(values, "f32"), { dtype: "f32", shape }, as);
}

const [a, b] = [upload([1, 2, 3, 4], [2, 2]), upload([5, 6], [2, 1])];

test("stored values are decoded on the way up and come down as a copy", async () => {
  const tensor = backend.upload(encode([1.5, -2], "bf16"), { dtype: "bf16", shape: [2] }, "f32");
  expect([tensor.dtype, tensor.shape, tensor.backend.id]).toEqual(["f32", [2], "reference"]);
  const values = await backend.download(tensor);
  expect(values).toEqual(Float32Array.of(1.5, -2));
  values[0] = 9;
  expect(await backend.download(tensor)).toEqual(Float32Array.of(1.5, -2));
  tensor.dispose();
});

test("gemm multiplies, transposes and scales", async () => {
  const product = backend.run("gemm", { a, b });
  expect(product.shape).toEqual([2, 1]);
  expect(await backend.download(product)).toEqual(Float64Array.of(17, 39));
  const turned = backend.run("gemm", { a: b, b: a, transA: true, transB: true, alpha: 2 });
  expect(await backend.download(turned)).toEqual(Float64Array.of(34, 78));
});

test("axpy adds a multiple and leaves its arguments alone", async () => {
  expect(await backend.download(backend.run("axpy", { alpha: 2, x: b, y: b }))).toEqual(
    Float64Array.of(15, 18),
  );
  expect(await backend.download(b)).toEqual(Float64Array.of(5, 6));
});

test("f32 in is f32 out, summed in f64", async () => {
  const [x, y] = [upload([2 ** 25, 1, -(2 ** 25)], [1, 3], "f32"), upload([1, 1, 1], [3, 1], "f32")];
  expect(await backend.download(backend.run("gemm", { a: x, b: y }))).toEqual(Float32Array.of(1));
  expect(await backend.download(backend.run("axpy", { alpha: 1, x: y, y }))).toEqual(
    Float32Array.of(2, 2, 2),
  );
});

describe("what it does not take is refused, and known before", () => {
  const [flat, single] = [upload([1, 2], [2]), upload([1, 2], [2, 1], "f32")];

  test.each([
    ["gemm of no matrix", "gemm", { a, b: flat }, "gemm takes two matrices: 2 × 2 and 2"],
    ["gemm that does not fit", "gemm", { a: b, b: a }, "the inner sizes of gemm differ: 2 × 1 and 2 × 2"],
    ["gemm of two types", "gemm", { a, b: single }, "gemm calculates in f32 or f64, not in f64 with f32"],
  ] as const)("%s", (_, op, args, message) => {
    expect(backend.supports(op, args)).toBe(false);
    expect(() => backend.run(op, args)).toThrow(message);
  });

  test("axpy that does not fit", () => {
    const args = { alpha: 1, x: a, y: b };
    expect(backend.supports("axpy", args)).toBe(false);
    expect(() => backend.run("axpy", args)).toThrow("axpy takes equal shapes: 2 × 2 and 2 × 1");
    expect(backend.supports("axpy", { alpha: 1, x: b, y: b })).toBe(true);
  });

  test("an operation of a later version", () => {
    expect(backend.supports("conv" as "gemm", { a, b })).toBe(false);
    expect(() => backend.run("conv" as "gemm", { a, b })).toThrow(
      "there is no operation conv in the reference backend",
    );
  });

  test("f16", () => {
    expect(() => upload([1], [1], "f16")).toThrow(
      "the reference backend keeps values as f32 or f64, not as f16",
    );
  });
});
