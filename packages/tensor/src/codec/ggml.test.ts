import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { decode } from "../decode.ts";
import type { DType } from "../dtypes.ts";
import { f16At } from "./_ggml.ts";
import { f16 } from "./f16.ts";

interface Golden {
  readonly stored: string;
  readonly values: string;
}

const path = join(import.meta.dirname, "ggml.golden.json");
const golden = JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, Golden>>;

describe.each(Object.entries(golden))("%s", (name, { stored, values }) => {
  test("every value has the bits that gguf-py gives it", () => {
    const bytes = new Uint8Array(Buffer.from(values, "base64"));
    const expected = new Float32Array(bytes.buffer);
    const narrow = new Float32Array(expected.length);
    const wide = new Float64Array(expected.length);
    decode(Buffer.from(stored, "base64"), name as DType, narrow);
    decode(Buffer.from(stored, "base64"), name as DType, wide);
    expect(new Uint32Array(narrow.buffer)).toEqual(new Uint32Array(expected.buffer));
    expect(wide).toEqual(Float64Array.from(expected));
  });
});

test("hand-worked: a q4_0 block of scale 0.5 holds its low halves first, shifted by 8", () => {
  const out = new Float64Array(32);
  decode(Uint8Array.of(0x00, 0x38, 0xf0, ...Array<number>(15).fill(0x88)), "q4_0", out);
  expect([out[0], out[1], out[16], out[17]]).toEqual([-4, 0, 3.5, 0]);
});

test("a scale is read as the codec of f16 reads it, for all its patterns", () => {
  const patterns = new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, pattern) => pattern).buffer);
  const expected = new Float64Array(65_536);
  f16.decode(patterns, expected);
  expect(Float64Array.from(expected, (_, i) => f16At(patterns, 2 * i))).toEqual(expected);
});
