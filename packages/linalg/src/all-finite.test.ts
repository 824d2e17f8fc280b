import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { engines } from "./engines.test-helper.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import type { AnyMatrix } from "./matrix.ts";
import { randomMatrix } from "./random-matrix.ts";
import { storedMatrix } from "./stored-matrix.ts";

// Below what an engine looks at itself, and beside the ends of its vectors and of its chunks.
const LENGTHS = [1, 7, 511, 512, 515, 16_384, 16_385, 32_769, 70_001];

/** The largest of each type and a subnormal are finite. */
function values(length: number, largest: number): Float64Array {
  const { data } = randomMatrix(1, length, 1);
  data[0] = largest;
  data[length - 1] = -largest;
  if (length > 2) data[1] = 2 ** -24;
  return data;
}

function row(data: Float64Array, dtype: "f16" | "bf16" | "f32" | "f64"): AnyMatrix {
  if (dtype === "f64") return { rows: 1, cols: data.length, data };
  return storedMatrix(encode(data, dtype), dtype, [1, data.length]);
}

describe.each(engines)("%s", (_, engine) => {
  describe.each([
    ["f16", 65_504],
    ["bf16", 2 ** 127],
    ["f32", 2 ** 127],
    ["f64", Number.MAX_VALUE],
  ] as const)("of %s", (dtype, largest) => {
    test.each(LENGTHS)("%i values are all finite, or the first that is not is found", (length) => {
      expect(engine.allFinite(row(values(length, largest), dtype))).toBe(true);
      for (const index of new Set([0, Math.floor(length / 2), length - 1])) {
        for (const special of [Number.NaN, Infinity, -Infinity]) {
          const data = values(length, largest);
          data[index] = special;
          data[length - 1] = special;
          const a = row(data, dtype);
          expect(engine.allFinite(a)).toBe(false);
          expect(firstNonFinite(a, engine)).toBe(index);
        }
      }
    });
  });
});
