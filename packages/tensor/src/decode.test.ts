import { expect, test } from "vitest";
import { canDecode, decode, encode } from "./decode.ts";
import type { DType } from "./dtypes.ts";
import { DTYPES } from "./dtypes.ts";

test("every type but opaque can be decoded", () => {
  const dtypes = Object.keys(DTYPES) as DType[];
  expect(dtypes.filter((dtype) => !canDecode(dtype))).toEqual(["opaque"]);
});

test("f64 and f32 are copied bit by bit, at any alignment, NaN and -0 included", () => {
  const values = [Math.PI, -0, Infinity, Number.NaN, 5e-324];
  for (const [dtype, expected] of [
    ["f64", values],
    ["f32", [Math.fround(Math.PI), -0, Infinity, Number.NaN, 0]],
  ] as const) {
    const bytes = encode(values, dtype);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    const [wide, narrow] = [new Float64Array(5), new Float32Array(5)];
    decode(shifted, dtype, wide);
    decode(shifted, dtype, narrow);
    expect([...wide]).toEqual(expected);
    expect(narrow).toEqual(Float32Array.from(expected));
    expect(encode(wide, dtype)).toEqual(bytes);
  }
});

test("a typed array that is a view of a larger one encodes only its part", () => {
  const whole = Float32Array.of(1, 2, 3, 4);
  expect(encode(whole.subarray(1, 3), "f32")).toEqual(encode([2, 3], "f32"));
  expect(encode(whole.subarray(1, 3), "f16")).toEqual(encode([2, 3], "f16"));
  const wide = Float64Array.of(1, 2, 3, 4);
  expect(encode(wide.subarray(1, 3), "f64")).toEqual(encode([2, 3], "f64"));
});

test("more values than one block", () => {
  const values = Float64Array.from({ length: 10_001 }, (_, i) => i % 2048);
  const [wide, narrow] = [new Float64Array(10_001), new Float32Array(10_001)];
  for (const dtype of ["f16", "f32", "i16", "f64"] as const) {
    decode(encode(values, dtype), dtype, wide);
    decode(encode(values, dtype), dtype, narrow);
    expect(wide).toEqual(values);
    expect(narrow).toEqual(Float32Array.from(values));
  }
});

test("bytes that are not those of the target are refused", () => {
  const error = { code: "SHAPE", message: "4 values of f16 take 8 bytes, not the 7 given" };
  expect(() => decode(new Uint8Array(7), "f16", new Float32Array(4))).toThrow(expect.objectContaining(error));
});

test("opaque values can be neither read nor written", () => {
  const error = { code: "DTYPE", message: "values of type opaque can be carried, not read or written" };
  expect(() => encode([1], "opaque")).toThrow(expect.objectContaining(error));
  expect(() => decode(new Uint8Array(1), "opaque", new Float32Array(1))).toThrow(
    expect.objectContaining(error),
  );
});

test("quantised values are read, not written", () => {
  const error = { code: "DTYPE", message: "values of type q4_k can be read, not written" };
  expect(() => encode(new Float32Array(256), "q4_k")).toThrow(expect.objectContaining(error));
});

test("part of a quantised block is refused", () => {
  const message = "16 of q8_0 does not fill blocks of 32 along its last axis";
  expect(() => decode(new Uint8Array(17), "q8_0", new Float32Array(16))).toThrow(
    expect.objectContaining({ code: "SHAPE", message }),
  );
});
