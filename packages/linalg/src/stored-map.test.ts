import { encode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { engines } from "./engines.test-helper.ts";
import type { Engine } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { frobeniusNorm, maxAbs } from "./norms.ts";
import { randomMatrix } from "./random-matrix.ts";
import { spectralNorm } from "./spectral-norm.ts";
import { STORED_TYPES, storedMatrix } from "./stored-matrix.ts";
import type { StoredMatrix, StoredType } from "./stored-matrix.ts";
import { singularValues } from "./svd.ts";
import { minus } from "./checks.test-helper.ts";
import { wideMatrix } from "./wide-matrix.ts";

const SHAPES = [
  [1, 1],
  [4, 8],
  [3, 17],
  [37, 29],
  [130, 1037],
  [300, 1024],
] as const;

const cases = engines.flatMap(([id, engine]) =>
  STORED_TYPES.flatMap((dtype) => SHAPES.map(([rows, cols]) => ({ id, engine, dtype, rows, cols }))),
);

function stored(a: Matrix, dtype: StoredType): StoredMatrix & { readonly values: Matrix } {
  const { rows, cols } = a;
  const matrix = storedMatrix(encode(a.data, dtype), dtype, [rows, cols]);
  return { ...matrix, values: { rows, cols, data: new Float64Array(wideMatrix(matrix).data) } };
}

function normal(engine: Engine, a: StoredMatrix, x: Matrix): Matrix {
  const data = engine.withStored(a, (held) => held.multiplyNormal(new Float64Array(x.data)));
  return { rows: a.cols, cols: 1, data };
}

describe.each(cases)("$rows × $cols of $dtype in $id", ({ engine, dtype, rows, cols }) => {
  const a = stored(randomMatrix(rows, cols, 7), dtype);
  const norm = frobeniusNorm(a.values);

  test.each([1, 3])("multiplies with %i columns, from both sides", (columns) => {
    const [x, y] = [randomMatrix(cols, columns, 1), randomMatrix(rows, columns, 2)];
    const [right, left] = engine.withStored(a, (held) => [held.multiply(x), held.multiplyTransposed(y)]);
    const bound = (k: number, other: Matrix): number => (k + 2) * 2 ** -53 * norm * frobeniusNorm(other);
    expect(maxAbs(minus(right, multiply(a.values, x)))).toBeLessThanOrEqual(bound(cols, x));
    expect(maxAbs(minus(left, multiply(a.values, y, { transA: true })))).toBeLessThanOrEqual(bound(rows, y));
  });

  test.each([2, 8, 11])("multiplies with %i columns of f32 in f32", (columns) => {
    const x = {
      ...randomMatrix(cols, columns, 1),
      data: new Float32Array(randomMatrix(cols, columns, 1).data),
    };
    const product = engine.withStored(a, (held) => held.multiply(x));
    expect(product.data).toBeInstanceOf(Float32Array);
    const bound = (cols + 3) * 2 ** -24 * norm * frobeniusNorm(x);
    expect(maxAbs(minus(product, multiply(a.values, x)))).toBeLessThanOrEqual(bound);
    const y = {
      ...randomMatrix(rows, columns, 2),
      data: new Float32Array(randomMatrix(rows, columns, 2).data),
    };
    const turned = engine.withStored(a, (held) => held.multiplyTransposed(y));
    expect(turned.data).toBeInstanceOf(Float32Array);
    const limit = (rows + 3) * 2 ** -24 * norm * frobeniusNorm(y);
    expect(maxAbs(minus(turned, multiply(a.values, y, { transA: true })))).toBeLessThanOrEqual(limit);
  });

  test("multiplies with itself and a column in one pass, in f32", () => {
    const x = randomMatrix(cols, 1, 3);
    const exact = multiply(a.values, multiply(a.values, x), { transA: true });
    // Two sums after each other, and x and the product are rounded.
    const bound = (rows + cols + 4) * 2 ** -24 * norm * norm * frobeniusNorm(x);
    expect(maxAbs(minus(normal(engine, a, x), exact))).toBeLessThanOrEqual(bound);
  });

  test("multiplies with itself and a column in one pass, with f64 sums", () => {
    const x = randomMatrix(cols, 1, 3);
    const exact = multiply(a.values, multiply(a.values, x), { transA: true });
    const found = engine.withStored(a, (held) => held.multiplyNormal(new Float64Array(x.data), "f64"));
    const bound = (rows + cols + 4) * 2 ** -53 * norm * norm * frobeniusNorm(x);
    expect(maxAbs(minus({ ...exact, data: found }, exact))).toBeLessThanOrEqual(bound);
  });

  test("multiplies with its rounded values, as far off as rounding explains", () => {
    const x = randomMatrix(cols, 1, 3);
    const exact = multiply(a.values, multiply(a.values, x), { transA: true });
    const found = engine.withStored(a, (held) =>
      held.withRoundedNormal?.((times) => times(new Float64Array(x.data))),
    );
    if (found === undefined) return;
    // Half a step of 1/127 of the largest in each row; x and the weights of rows to half a step of 1/32767 of the largest.
    const largest = Array.from({ length: rows }, (_, i) =>
      maxAbs({ rows: 1, cols, data: a.values.data.slice(i * cols, (i + 1) * cols) }),
    );
    const off = (Math.sqrt(cols) * Math.hypot(...largest)) / 254;
    const vectors = (5 * Math.sqrt(cols)) / 65_534 + (rows + cols + 4) * 2 ** -24;
    const bound = 2 * off * norm + off * off + (norm + off) ** 2 * vectors;
    expect(frobeniusNorm(minus({ ...exact, data: found }, exact))).toBeLessThanOrEqual(
      bound * frobeniusNorm(x),
    );
  });

  test("is read from a source as it is taken from memory", () => {
    const { buffer, byteOffset, byteLength } = a.data;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const source = { rows, cols, dtype, read: (into: Uint8Array) => into.set(bytes) };
    const x = randomMatrix(cols, 1, 3);
    const [read, taken] = [source, a].map((each) =>
      engine.withStored(each, (held) => [held.firstNonFinite(), ...held.multiply(x).data]),
    );
    expect(read).toEqual(taken);
  });

  test("is multiplied with columns in one pass, from memory or from a source", () => {
    const x = randomMatrix(cols, 5, 3);
    const single = { ...x, data: Float32Array.from(x.data) };
    const { buffer, byteOffset, byteLength } = a.data;
    const bytes = new Uint8Array(buffer, byteOffset, byteLength);
    const read = (into: Uint8Array, from = 0): void => into.set(bytes.subarray(from, from + into.length));
    const expected = engine.withStored(a, (held) => held.multiply(single));
    expect(engine.timesStored(a, single)).toEqual(expected);
    expect(engine.timesStored({ rows, cols, dtype, read }, single)).toEqual(expected);
  });

  test("sums its squares, and finds nothing that is not finite", () => {
    const [squares, at] = engine.withStored(a, (held) => [held.sumOfSquares(), held.firstNonFinite()]);
    expect(Math.abs(squares - norm * norm)).toBeLessThanOrEqual((rows * cols + 2) * 2 ** -52 * norm * norm);
    expect(at).toBe(-1);
  });

  test.each([Number.NaN, Infinity, -Infinity])("finds where %d is", (special) => {
    const values = a.values.data.slice();
    const at = (7 * values.length) >> 3;
    values[at] = special;
    const broken = storedMatrix(encode(values, dtype), dtype, [rows, cols]);
    expect(engine.withStored(broken, (held) => held.firstNonFinite())).toBe(at);
    const { buffer, byteLength } = broken.data;
    const read = (into: Uint8Array): void => into.set(new Uint8Array(buffer, 0, byteLength));
    expect(engine.withStored({ rows, cols, dtype, read }, (held) => held.firstNonFinite())).toBe(at);
    const x = { rows: cols, cols: 2, data: new Float32Array(2 * cols) };
    expect(engine.timesStored(broken, x)).toBeUndefined();
  });
});

test.each(engines)("%s keeps subnormal and large values of f16 in both products", (_id, engine) => {
  const values = Float64Array.of(2 ** -24, -(2 ** -15), 65_504, -65_504, 0.5, -0, 1023 * 2 ** -24, 2 ** -14);
  const a = stored({ rows: 4, cols: 2, data: values }, "f16");
  const x = { rows: 2, cols: 1, data: Float64Array.of(1, 2 ** -10) };
  const exact = multiply(a.values, multiply(a.values, x), { transA: true });
  const found = normal(engine, a, x);
  exact.data.forEach((each, i) =>
    expect(Math.abs(found.data[i] - each)).toBeLessThan(8 * 2 ** -24 * 65_504 ** 2),
  );
  const small = stored({ rows: 1, cols: 1, data: Float64Array.of(2 ** -24) }, "f16");
  expect(normal(engine, small, { rows: 1, cols: 1, data: Float64Array.of(1) }).data).toEqual(
    Float64Array.of(2 ** -48),
  );
});

test.each(engines)(
  "%s finds a spectral norm from stored weights, below it and within the residual",
  (_id, engine) => {
    for (const [rows, cols] of [
      [40, 60],
      [60, 40],
    ]) {
      const a = stored(randomMatrix(rows, cols, 5), "f16");
      const [largest] = singularValues(a.values);
      for (const tolerance of [1e-2, 1e-3, 1e-5]) {
        const found = engine.withStored(a, (held) => spectralNorm(held, { tolerance, engine }));
        expect(found.value).toBeLessThanOrEqual(largest * (1 + 1e-12));
        expect(found.residual).toBeLessThanOrEqual(tolerance * found.value);
        expect(largest - found.value).toBeLessThanOrEqual(found.residual);
      }
    }
  },
);

const HARD: readonly (readonly [name: string, value: (i: number, j: number) => number])[] = [
  ["a row and a column that stand out", (i, j) => (i === 3 ? 40 : 1) * (j === 5 ? 30 : 1)],
  ["one value that hides its row", (i, j) => (i === 2 && j === 7 ? 300 : 1)],
  ["rows over five orders of magnitude", (i) => 10 ** -(i % 6)],
  ["subnormal values alone", () => 2 ** -20],
];

describe.each(engines)("%s keeps the promised residual", (_id, engine) => {
  test.each(HARD)("with %s", (_name, factor) => {
    for (const [rows, cols] of [
      [70, 90],
      [131, 60],
    ]) {
      const made = randomMatrix(rows, cols, 6);
      const data = made.data.map((value, k) => value * factor(Math.floor(k / cols), k % cols));
      const a = stored({ rows, cols, data }, "f16");
      const values = singularValues(a.values);
      const found = engine.withStored(a, (held) => spectralNorm(held, { tolerance: 3e-3, engine }));
      expect(found.value).toBeLessThanOrEqual(values[0] * (1 + 1e-12));
      expect(found.residual).toBeLessThanOrEqual(3e-3 * found.value);
      const nearest = Math.min(...values.map((value) => Math.abs(value - found.value)));
      expect(nearest).toBeLessThanOrEqual(found.residual);
    }
  });
});

test("the zero matrix has the norm 0, and a limit of steps is kept", () => {
  const [, engine] = engines[engines.length - 1];
  const zero = { rows: 5, cols: 3, dtype: "bf16", data: new Uint16Array(15) } as const;
  expect(engine.withStored(zero, (held) => spectralNorm(held, { tolerance: 1e-3 }))).toEqual({
    value: 0,
    residual: 0,
    iterations: 1,
  });
  const flat = stored(randomMatrix(90, 90, 5), "f16");
  const limited = engine.withStored(flat, (held) =>
    spectralNorm(held, { tolerance: 1e-5, maxIterations: 4 }),
  );
  expect(limited.iterations).toBe(4);
  expect(limited.residual).toBeGreaterThan(1e-5 * limited.value);
});

test.each(engines)("%s refuses data that is not rows × cols long", (_id, engine) => {
  const a = { rows: 2, cols: 3, dtype: "f16", data: new Uint16Array(5) } as const;
  expect(() => engine.withStored(a, () => 0)).toThrow("`a` says 2 × 3 and holds 5 values");
});

test("a matrix is made of bytes at any address, and of no other number of them", () => {
  const bytes = Uint8Array.from([0, 0, 0x3c, 0, 0xc0]); // 1 and −2 from the second byte on
  expect(wideMatrix(storedMatrix(bytes.subarray(1), "f16", [1, 2]))).toEqual({
    rows: 1,
    cols: 2,
    data: Float32Array.of(1, -2),
  });
  expect(() => storedMatrix(bytes, "f16", [2, 3])).toThrow("2 × 3 values of f16 are 12 bytes, not 5");
});
