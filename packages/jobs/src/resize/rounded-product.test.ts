import {
  type Matrix,
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
import type { EncodedFactors } from "@lora/peft";
import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { roundedProduct, type Truncation } from "./rounded-product.ts";

const [OUT, IN, RANK] = [90, 70, 24];

/** What entry (long, pair) of a factor is multiplied with. */
type Shape = (long: number, pair: number) => number;

/** An update in f16, of which the leading pairs are kept. */
function truncation(
  kept: number,
  dtype: StoredType,
  engine = referenceEngine,
  shape: Shape = () => 1,
): Truncation {
  const half = (rows: number, cols: number, seed: number) => {
    const data = randomMatrix(rows, cols, seed).data.map((value, at) => {
      const [row, col] = [Math.floor(at / cols), at % cols];
      return value * (rows > cols ? shape(row, col) : shape(col, row));
    });
    return storedMatrix(encode(data, "f16"), "f16", [rows, cols]);
  };
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

/** What the factors that are written leave of the update, as a whole matrix. */
function rest({ factors, dtype, storedScale, rescale, pairs }: Truncation, written: EncodedFactors): Matrix {
  const kept = pairs.s.length;
  const [b, a] = [
    wideMatrix(storedMatrix(written.up, dtype as StoredType, [OUT, kept])),
    wideMatrix(storedMatrix(written.down, dtype as StoredType, [kept, IN])),
  ];
  const whole = multiply(factors.up, factors.down, { alpha: rescale * factors.scale });
  const product = multiply(b, a, { alpha: storedScale });
  return { ...whole, data: whole.data.map((value, i) => value - product.data[i]!) };
}

describe.each([
  ["reference", referenceEngine],
  ["wasm", wasmEngine()],
] as const)("%s", (_id, engine) => {
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
      const written = roundedProduct(input)!;
      const s = singularValues(rest(input, written));
      expect(Math.abs(written.error.frobenius / Math.hypot(...s) - 1)).toBeLessThan(5e-6);
      expect(Math.abs(written.error.spectral / s[0]! - 1)).toBeLessThan(5e-5);
    },
  );

  test.each<[string, Shape]>([
    ["as they are", () => 1],
    ["falling", (_long, pair) => 0.8 ** pair],
    ["falling slowly", (_long, pair) => 0.9 ** pair],
    ["in two groups", (_long, pair) => (pair < 12 ? 1 : 0.02)],
    ["in a few long rows", (long, pair) => (long % 3 === 0 ? 0.85 ** pair : 0)],
    ["alike but for a little", (long, pair) => (long === 0 ? 1 : 0.01) * 0.9 ** pair],
    ["subnormal", (_long, pair) => 1e-5 * 0.9 ** pair],
  ])(
    "values %s: however much is cut, what is told is within 5e-5, and rounding that counts is not told",
    (_values, shape) => {
      let told = 0;
      for (const dtype of ["f16", "bf16", "f32"] as const) {
        for (let kept = 1; kept < RANK; kept += 2) {
          const input = truncation(kept, dtype, engine, shape);
          const written = "form" in input.basis && input.pairs ? roundedProduct(input) : undefined;
          if (written === undefined) continue;
          told++;
          const s = singularValues(rest(input, written));
          expect(Math.abs(written.error.frobenius / Math.hypot(...s) - 1)).toBeLessThan(5e-5);
          expect(Math.abs(written.error.spectral / s[0]! - 1)).toBeLessThan(5e-5);
        }
      }
      expect(told).toBeGreaterThan(2);
    },
  );

  test("gives nothing where rounding shows beside what is dropped", () => {
    expect(roundedProduct(truncation(RANK, "f16", engine))).toBeUndefined();
    expect(roundedProduct(truncation(20, "bf16", engine, (_long, pair) => 0.7 ** pair))).toBeUndefined();
  });

  test("gives nothing where a value is too large for the type", () => {
    const input = truncation(5, "f16", engine);
    expect(roundedProduct({ ...input, rescale: 1e12 })).toBeUndefined();
  });
});
