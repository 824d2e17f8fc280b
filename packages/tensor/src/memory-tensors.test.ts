import { expect, expectTypeOf, test } from "vitest";
import { tensorFile, tensorOfBytes, tensorOfValues } from "./memory-tensors.ts";
import { readValues } from "./read-values.ts";

const tensor = tensorOfValues([1, 2, 3, 4, 5, 6], "bf16", [3, 2]);

test("values come back, as f64 or f32, whole or by rows", async () => {
  const all = await readValues(tensor);
  const narrow = await readValues(tensor, { as: "f32" });
  expectTypeOf(all).toEqualTypeOf<Float64Array>();
  expectTypeOf(narrow).toEqualTypeOf<Float32Array>();
  expect(all).toEqual(Float64Array.of(1, 2, 3, 4, 5, 6));
  expect(narrow).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  expect(await readValues(tensor, { rows: [1, 2] })).toEqual(Float64Array.of(3, 4));
});

test("what a reader does to the bytes does not reach the tensor", async () => {
  (await tensor.bytes()).fill(255);
  expect(await readValues(tensor, { rows: [0, 1] })).toEqual(Float64Array.of(1, 2));
});

test("a Node Buffer is copied, too, though its slice is a view", async () => {
  const kept = tensorOfBytes(Buffer.of(1, 2, 3, 4), "i16", [2]);
  (await kept.bytes()).fill(255);
  expect(await readValues(kept)).toEqual(Float64Array.of(513, 1027));
});

test("opaque bytes are kept with the name of their type", async () => {
  const packed = tensorOfBytes(Uint8Array.of(1, 2, 3), "opaque", [2, 3], "F4");
  expect(packed).toMatchObject({ dtype: "opaque", shape: [2, 3], byteLength: 3, storedAs: "F4" });
  expect(await packed.bytes()).toEqual(Uint8Array.of(1, 2, 3));
});

test("a file in memory keeps the order given and is empty where nothing is", () => {
  const file = tensorFile({
    name: "new",
    tensors: [
      ["b", tensor],
      ["a", tensor],
    ],
  });
  expect([...file.tensors.keys()]).toEqual(["b", "a"]);
  expect([file.metadata.size, file.sidecars.size, file.format]).toEqual([0, 0, undefined]);
});

test("values and bytes that do not fit the shape are refused", () => {
  const values = { code: "SHAPE", message: "2 × 2 takes 4 values, not the 3 given" };
  expect(() => tensorOfValues([1, 2, 3], "f32", [2, 2])).toThrow(expect.objectContaining(values));
  const bytes = { code: "SHAPE", message: "2 of f16 takes 4 bytes, not the 3 given" };
  expect(() => tensorOfBytes(new Uint8Array(3), "f16", [2])).toThrow(expect.objectContaining(bytes));
});
