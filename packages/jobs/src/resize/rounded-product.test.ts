import {
  multiply,
  pairsOf,
  productBasis,
  randomMatrix,
  type ReducedProduct,
  referenceEngine,
  singularValues,
  type StoredType,
  storedMatrix,
  wasmEngine,
  wideMatrix,
} from "@lora/linalg";
import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { roundedProduct, type Truncation } from "./rounded-product.ts";

const [OUT, IN, RANK] = [90, 70, 24];

/** An update in f16, of which the leading pairs are kept. */
function truncation(kept: number, dtype: StoredType, engine = referenceEngine): Truncation {
  const half = (rows: number, cols: number, seed: number) =>
    storedMatrix(encode(randomMatrix(rows, cols, seed).data, "f16"), "f16", [rows, cols]);
  const factors = { up: half(OUT, RANK, 1), down: half(RANK, IN, 2), scale: 0.5 };
  const basis = productBasis(factors.up, factors.down, { gain: factors.scale, engine }) as ReducedProduct;
  const indices = Array.from({ length: kept }, (_, i) => i);
  const pairs = pairsOf(basis, indices, { engine })!;
  return {
    factors,
    basis,
    pairs,
    dropped: basis.s.slice(kept),
    storedScale: 0.25,
    rescale: 1.5,
    dtype,
    engine,
  };
}

describe.each([
  ["reference", referenceEngine],
  ["wasm", wasmEngine()],
] as const)("%s", (_, engine) => {
  test.each([
    { kept: 1, dtype: "f16" },
    { kept: 5, dtype: "f16" },
    { kept: 18, dtype: "f16" },
    { kept: 2, dtype: "bf16" },
    { kept: 12, dtype: "f32" },
  ] as const)(
    "$kept pairs of 24 in $dtype: the error is that of the written values, nearer than is promised",
    (given) => {
      const input = truncation(given.kept, given.dtype, engine);
      const { up, down, error } = roundedProduct(input)!;
      const { factors, dtype, storedScale, rescale } = input;
      const [b, a] = [
        wideMatrix(storedMatrix(up, given.dtype, [OUT, given.kept])),
        wideMatrix(storedMatrix(down, given.dtype, [given.kept, IN])),
      ];
      expect(dtype).toBe(given.dtype);
      const whole = multiply(factors.up, factors.down, { alpha: rescale * factors.scale });
      const written = multiply(b, a, { alpha: storedScale });
      const rest = { ...whole, data: whole.data.map((value, i) => value - written.data[i]!) };
      const s = singularValues(rest);
      expect(Math.abs(error.frobenius / Math.hypot(...s) - 1)).toBeLessThan(5e-6);
      expect(Math.abs(error.spectral / s[0]! - 1)).toBeLessThan(5e-5);
    },
  );

  test("gives nothing where rounding shows beside what is dropped", () => {
    expect(roundedProduct(truncation(RANK, "f16", engine))).toBeUndefined();
    expect(roundedProduct(truncation(RANK - 1, "bf16", engine))).toBeUndefined();
  });

  test("gives nothing where a value is too large for the type", () => {
    const input = truncation(5, "f16", engine);
    expect(roundedProduct({ ...input, rescale: 1e12 })).toBeUndefined();
  });
});
