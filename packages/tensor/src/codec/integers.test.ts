import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DType } from "../dtypes.ts";
import { DTYPES } from "../dtypes.ts";
import { decode, encode } from "../decode.ts";

const LIMITS = [
  ["i8", -128, 127],
  ["i16", -32768, 32767],
  ["i32", -2147483648, 2147483647],
  ["i64", -(2 ** 63), 2 ** 63 - 1024],
  ["u8", 0, 255],
  ["u16", 0, 65535],
  ["u32", 0, 4294967295],
  ["u64", 0, 2 ** 64 - 2048],
  ["bool", 0, 1],
] as const;

function decoded(bytes: Uint8Array, dtype: DType): number[] {
  const out = new Float64Array((bytes.length * 8) / DTYPES[dtype].bits);
  decode(bytes, dtype, out);
  return [...out];
}

describe.each(LIMITS)("%s from %d to %d", (dtype, least, most) => {
  test("whole numbers of its range survive, at any alignment", () => {
    const whole = fc
      .oneof(
        fc.double({ min: least, max: most, noNaN: true }),
        fc.integer({ min: Math.max(least, -99), max: 99 }),
      )
      .map((value) => Math.min(most, Math.trunc(value)) + 0);
    fc.assert(
      fc.property(fc.array(whole), (values) => {
        const bytes = encode(values, dtype);
        const shifted = new Uint8Array(bytes.length + 3).subarray(3);
        shifted.set(bytes);
        expect(decoded(bytes, dtype)).toEqual(values);
        expect(decoded(shifted, dtype)).toEqual(values);
      }),
      { seed: 11 },
    );
    expect(decoded(encode([least, most], dtype), dtype)).toEqual([least, most]);
  });

  test.each([least - 1, most * 2 + 1, 0.5, Number.NaN, Infinity])("refuses %d", (value) => {
    // Below 2⁶³ the neighbours of the least i64 are farther than 1.
    const outside = value === least ? least * 1.5 : value;
    const below = dtype === "i64" || dtype === "u64" ? most + (dtype === "i64" ? 1024 : 2048) : most + 1;
    const message = `element 1 is ${outside}; ${dtype} holds whole numbers from ${least} to below ${below}`;
    expect(() => encode([0, outside], dtype)).toThrow(expect.objectContaining({ code: "NUMERIC", message }));
  });
});

test("hand-worked: 64-bit integers are two words, lower first", () => {
  expect([...encode([-2, 2 ** 32 + 1], "i64")]).toEqual([254, ...Array(7).fill(255), 1, 0, 0, 0, 1, 0, 0, 0]);
  expect(decoded(new Uint8Array(8).fill(255), "u64")).toEqual([2 ** 64]);
  expect(decoded(new Uint8Array(8).fill(255), "i64")).toEqual([-1]);
});

test("2⁵³ + 1 as i64 is rounded to the nearest f64", () => {
  expect(decoded(new Uint8Array([1, 0, 0, 0, 0, 0, 32, 0]), "i64")).toEqual([2 ** 53]);
  expect(decoded(new Uint8Array([3, 0, 0, 0, 0, 0, 32, 0]), "i64")).toEqual([2 ** 53 + 4]);
});

test("any byte but 0 is true", () => {
  expect(decoded(new Uint8Array([0, 1, 2, 255]), "bool")).toEqual([0, 1, 1, 1]);
});
