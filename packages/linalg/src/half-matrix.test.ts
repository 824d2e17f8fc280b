import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { engines } from "./engines.test-helper.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import { gram } from "./gram.ts";
import type { AnyMatrix, HalfType, Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { frobeniusNorm, maxAbs } from "./norms.ts";
import { productSpectrum } from "./product-spectrum.ts";
import { productSvd } from "./product-svd.ts";
import { randomMatrix } from "./random-matrix.ts";
import { storedMatrix } from "./stored-matrix.ts";
import { minus } from "./checks.test-helper.ts";
import { wideMatrix } from "./wide-matrix.ts";

function half(rows: number, cols: number, dtype: HalfType, seed: number): AnyMatrix {
  return storedMatrix(encode(randomMatrix(rows, cols, seed).data, dtype), dtype, [rows, cols]);
}

// Around the tiles, the blocks of 4 × 4 and 4 × 2, and the panels of 256 terms.
const SHAPES = [
  [1, 1, 1],
  [3, 5, 2],
  [17, 9, 23],
  [64, 300, 7],
  [5, 20, 1],
  [1, 33, 40],
] as const;

const cases = engines.flatMap(([id, engine]) =>
  (["f16", "bf16"] as const).flatMap((dtype) => SHAPES.map(([m, k, n]) => ({ id, engine, dtype, m, k, n }))),
);

describe.each(cases)("$m × $k · $k × $n of $dtype in $id", ({ engine, dtype, m, k, n }) => {
  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("is the product of the widened values (transposed: %s, %s)", (transA, transB) => {
    const a = transA ? half(k, m, dtype, 1) : half(m, k, dtype, 1);
    const b = transB ? half(n, k, dtype, 2) : half(k, n, dtype, 2);
    const [x, y] = [wideMatrix(a), wideMatrix(b)];
    const exact = multiply(x, y, { transA, transB });
    const size = frobeniusNorm(x) * frobeniusNorm(y);
    for (const [left, right] of [
      [a, b],
      [a, y],
      [x, b],
    ]) {
      for (const as of ["f64", "f32"] as const) {
        const found = multiply(left, right, { transA, transB, as, engine });
        const unit = as === "f64" ? 2 ** -53 : 2 ** -24;
        expect(maxAbs(minus(found, exact))).toBeLessThanOrEqual((k + 3) * unit * size);
      }
    }
  });
});

const tall = engines.flatMap(([id, engine]) =>
  [
    [1, 1],
    [7, 3],
    [64, 4],
    [130, 5],
    [96, 64],
    [301, 65],
    [300, 129],
  ].map(([rows, cols]) => ({ id, engine, rows, cols })),
);

describe.each(tall)("Gram matrices of $rows × $cols in $id", ({ engine, rows, cols }) => {
  const double = randomMatrix(rows, cols, 3);
  const kinds: readonly (readonly [name: string, a: AnyMatrix])[] = [
    ["f64", double],
    ["f32", { ...double, data: new Float32Array(double.data) }],
    ["f16", half(rows, cols, "f16", 3)],
    ["bf16", half(rows, cols, "bf16", 3)],
  ];

  test.each(kinds)("of %s, of columns and of rows", (_, a) => {
    const wide: Matrix = wideMatrix(a);
    const bound = (rows + cols) * 2 ** -52 * frobeniusNorm(wide) ** 2;
    const [columns, lines] = [gram(a, { engine }), gram(a, { of: "rows", engine })];
    expect(maxAbs(minus(columns, multiply(wide, wide, { transA: true })))).toBeLessThanOrEqual(bound);
    expect(maxAbs(minus(lines, multiply(wide, wide, { transB: true })))).toBeLessThanOrEqual(bound);
    for (const g of [columns, lines]) {
      expect(
        g.data.every((value, i) => value === g.data[(i % g.cols) * g.cols + Math.floor(i / g.cols)]),
      ).toBe(true);
    }
  });

  test("a NaN stays in its row and column", () => {
    const data = double.data.slice();
    data[0] = Number.NaN;
    const g = gram({ ...double, data }, { engine });
    g.data.forEach((value, i) => expect(Number.isNaN(value)).toBe(i < cols || i % cols === 0));
  });
});

test.each(engines)("%s decomposes stored factors as it does the widened ones", (_, engine) => {
  for (const dtype of ["f16", "bf16"] as const) {
    const [b, a] = [half(60, 6, dtype, 5), half(6, 41, dtype, 6)];
    const expected = productSvd(wideMatrix(b), wideMatrix(a)).s;
    const bound = 1e-12 * expected[0];
    for (const s of [productSpectrum(b, a, { engine }).s, productSvd(b, a, { engine }).s]) {
      s.forEach((value, i) => expect(Math.abs(value - expected[i])).toBeLessThanOrEqual(bound));
    }
    // Dependent columns need a second look at the values.
    const twice = multiply(wideMatrix(b), randomMatrix(6, 9, 7), { as: "f32" });
    const dependent = storedMatrix(encode(twice.data, dtype), dtype, [60, 9]);
    const short = half(9, 41, dtype, 8);
    const values = productSvd(wideMatrix(dependent), wideMatrix(short)).s;
    productSpectrum(dependent, short, { engine, tolerance: 0 }).s.forEach((value, i) =>
      expect(Math.abs(value - values[i])).toBeLessThanOrEqual(1e-12 * values[0]),
    );
  }
});

test.each([
  ["f16", 0x7c00],
  ["f16", 0xfe01],
  ["bf16", 0x7f80],
  ["bf16", 0xffff],
] as const)("the first of the bits of %s that is not finite is found: %i", (dtype, bits) => {
  const data = Uint16Array.of(0x7bff & 0x7f7f, 0x8001, bits, bits);
  expect(firstNonFinite({ rows: 2, cols: 2, dtype, data })).toBe(2);
  expect(firstNonFinite({ rows: 1, cols: 2, dtype, data: data.subarray(0, 2) })).toBe(-1);
});
