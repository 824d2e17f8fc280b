import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DType } from "../dtypes.ts";
import { DTYPES } from "../dtypes.ts";
import { decode, encode } from "../decode.ts";

interface Golden {
  readonly decodedSha256: string;
  readonly decoded: Record<string, string>;
  readonly encodeFrom: string;
  readonly encodeTo: string;
}
const SMALL = ["f16", "bf16", "f8e4m3", "f8e5m2", "f8e4m3fnuz", "f8e5m2fnuz"] as const;
const path = join(import.meta.dirname, "dtypes.golden.json");
const goldens: Record<(typeof SMALL)[number], Golden> & { f64ToF16: { from: string; to: string } } =
  JSON.parse(readFileSync(path, "utf8"));

/** Every pattern of the type, in order, as stored bytes. */
function allPatterns(dtype: DType): Uint8Array<ArrayBuffer> {
  const { bits } = DTYPES[dtype];
  const words = bits === 8 ? new Uint8Array(256) : new Uint16Array(65536);
  for (let i = 0; i < words.length; i += 1) words[i] = i;
  return new Uint8Array(words.buffer);
}

/** The stored numbers behind base64 text. */
function stored(text: string, bits: number): Uint8Array | Uint16Array {
  const bytes = Uint8Array.from(Buffer.from(text, "base64"));
  return bits === 8 ? bytes : new Uint16Array(bytes.buffer);
}

function decoded(bytes: Uint8Array, dtype: DType): Float32Array<ArrayBuffer> {
  const out = new Float32Array((bytes.length * 8) / DTYPES[dtype].bits);
  decode(bytes, dtype, out);
  return out;
}

/** Where two lists differ; NaN is NaN, and -0 is not 0. */
function differences(actual: ArrayLike<number>, expected: ArrayLike<number>): number[] {
  if (actual.length !== expected.length) return [-1];
  return Array.from(expected, (_, i) => i).filter((i) => !Object.is(actual[i], expected[i]));
}

describe.each(SMALL)("%s", (dtype) => {
  const golden = goldens[dtype];
  const { bits } = DTYPES[dtype];

  test("every pattern decodes as torch decodes it", () => {
    const values = decoded(allPatterns(dtype), dtype);
    const patterns = new Uint32Array(values.buffer);
    values.forEach((value, i) => {
      if (Number.isNaN(value)) patterns[i] = 0x7fc00000;
    });
    for (const [pattern, expected] of Object.entries(golden.decoded)) {
      expect(patterns[Number.parseInt(pattern, 16)]?.toString(16).padStart(8, "0")).toBe(expected);
    }
    expect(createHash("sha256").update(new Uint8Array(values.buffer)).digest("hex")).toBe(
      golden.decodedSha256,
    );
  });

  test("an f64 target and an odd address give the same values", () => {
    const bytes = allPatterns(dtype);
    const shifted = new Uint8Array(bytes.length + 1).subarray(1);
    shifted.set(bytes);
    const wide = new Float64Array((bytes.length * 8) / bits);
    decode(shifted, dtype, wide);
    expect(differences(wide, decoded(bytes, dtype))).toEqual([]);
    expect(differences(decoded(shifted, dtype), decoded(bytes, dtype))).toEqual([]);
  });

  test("every pattern that is not NaN survives decoding and encoding", () => {
    const bytes = allPatterns(dtype);
    const values = decoded(bytes, dtype);
    const again = stored(Buffer.from(encode(values, dtype)).toString("base64"), bits);
    expect([...again].filter((pattern, i) => pattern !== i && !Number.isNaN(values[i]))).toEqual([]);
    expect(differences(decoded(encode(values, dtype), dtype), values)).toEqual([]);
  });

  test("f32 values encode as torch encodes them: ties, subnormals, overflow, any pattern", () => {
    const from = new Float32Array(Uint8Array.from(Buffer.from(golden.encodeFrom, "base64")).buffer);
    const expected = stored(golden.encodeTo, bits);
    const actual = stored(Buffer.from(encode(from, dtype)).toString("base64"), bits);
    expect(from.length).toBeGreaterThan(2000);
    // torch keeps the sign of some NaNs; here all NaNs of a type are one pattern.
    expect([...from].filter((value, i) => actual[i] !== expected[i] && !Number.isNaN(value))).toEqual([]);
    const torch = decoded(Uint8Array.from(Buffer.from(golden.encodeTo, "base64")), dtype);
    expect(differences(decoded(encode(from, dtype), dtype), torch)).toEqual([]);
  });

  test("f64 values round once, to the nearest, ties to the even pattern", () => {
    const finite = [...decoded(allPatterns(dtype), dtype)]
      .map((value, pattern) => ({ value, pattern }))
      .filter(({ value }) => Number.isFinite(value) && !Object.is(value, -0))
      .sort((a, b) => a.value - b.value);
    const step = fc.integer({ min: 0, max: finite.length - 2 });
    const nudge = fc.constantFrom(0, 2 ** -30, -(2 ** -30), 2 ** -45, -(2 ** -45));
    fc.assert(
      fc.property(step, nudge, (index, relative) => {
        const [low, high] = [finite[index]!, finite[index + 1]!];
        const value = ((low.value + high.value) / 2) * (1 + relative);
        const towardsHigh = value - low.value - (high.value - value);
        const nearest =
          towardsHigh === 0 ? (high.pattern % 2 === 0 ? high : low) : towardsHigh > 0 ? high : low;
        expect(decoded(encode([value], dtype), dtype)[0]! + 0).toBe(nearest.value); // + 0 makes 0 of -0
      }),
      { seed: 7, numRuns: 500 },
    );
  });
});

test("a Node Buffer at an odd address decodes", () => {
  expect([...decoded(Buffer.of(0, 0, 60, 0, 192).subarray(1), "f16")]).toEqual([1, -2]);
});

test("f64 values beside the ties of f16 encode as numpy encodes them", () => {
  const from = new Float64Array(Uint8Array.from(Buffer.from(goldens.f64ToF16.from, "base64")).buffer);
  expect(Buffer.from(encode(from, "f16")).toString("base64")).toBe(goldens.f64ToF16.to);
});

test.each([
  ["f16", 65519.99, 65504],
  ["f16", 65520, Infinity],
  ["bf16", 3.4e38, Infinity],
  ["bf16", -1e300, -Infinity],
  ["f8e4m3", 464, 448],
  ["f8e4m3", 464.1, 448],
  ["f8e4m3", -Infinity, -448],
  ["f8e5m2", 61439, 57344],
  ["f8e5m2", -61440, -Infinity],
  ["f8e4m3fnuz", 247.9, 240],
  ["f8e4m3fnuz", 248, Number.NaN],
  ["f8e5m2fnuz", 1e9, Number.NaN],
  ["f8e5m2fnuz", -0, 0],
  ["f8e4m3", -0, -0],
  ["f16", 2 ** -25, 0],
  ["f16", 2 ** -25 * 1.0000001, 2 ** -24],
] as const)("by hand: %s stores %d as %d", (dtype, value, expected) => {
  expect(decoded(encode([value], dtype), dtype)[0]).toBe(expected);
});
