import { decode } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { transpose } from "./arrange.ts";
import { minus } from "./checks.test-helper.ts";
import { cholesky } from "./cholesky.ts";
import { identity } from "./create.ts";
import { engines } from "./engines.test-helper.ts";
import { matrixMap } from "./matrix-map.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import type { Strided } from "./ops/strided.ts";
import { block, strided, transposed } from "./ops/strided.ts";
import { randomMatrix } from "./random-matrix.ts";

type Data = Matrix["data"];
type Types = readonly [name: string, a: "f32" | "f64", b: "f32" | "f64", c: "f32" | "f64"];

const EPS = { f64: 2 ** -53, f32: 2 ** -24 };

/** Every value of a, in f32 or f64. */
function as(a: Matrix, type: "f32" | "f64"): Matrix {
  return { ...a, data: type === "f32" ? Float32Array.from(a.data) : Float64Array.from(a.data) };
}

const at = (a: Strided, i: number, j: number): number => a.data[i * a.rowStep + j * a.colStep];

/** Σ aᵢₖ·bₖⱼ and Σ |aᵢₖ·bₖⱼ|, as the definition says. */
function entry(a: Strided, b: Strided, [i, j]: readonly [number, number]): { sum: number; size: number } {
  let [sum, size] = [0, 0];
  for (let k = 0; k < a.cols; k++) {
    sum += at(a, i, k) * at(b, k, j);
    size += Math.abs(at(a, i, k) * at(b, k, j));
  }
  return { sum, size };
}

/** Every entry within (k + 3)·u of what the definition gives; as much again for the definition's own rounding. */
function expectProduct(c: Strided, a: Strided, b: Strided, unit: number): void {
  for (let i = 0; i < c.rows; i++) {
    for (let j = 0; j < c.cols; j++) {
      const { sum, size } = entry(a, b, [i, j]);
      const bound = (a.cols + 3) * (unit + EPS.f64) * size;
      const error = Math.abs(at(c, i, j) - sum);
      if (!(error <= bound)) expect.fail(`(${i}, ${j}) is off by ${error}, more than ${bound}`);
    }
  }
}

const types: readonly Types[] = [
  ["doubles", "f64", "f64", "f64"],
  ["singles in doubles", "f32", "f32", "f64"],
  ["singles", "f32", "f32", "f32"],
  ["mixed", "f64", "f32", "f64"],
  ["doubles in singles", "f64", "f64", "f32"],
];

// Around the tiles of 4 × 4 to 6 × 8, the panels of 256 terms, and the blocks of 2048 columns and 4096 terms.
const shapes = [
  [1, 1, 1],
  [2, 3, 0],
  [0, 3, 4],
  [3, 1, 5],
  [1, 7, 300],
  [23, 1, 257],
  [6, 8, 4],
  [7, 9, 255],
  [13, 17, 256],
  [25, 15, 257],
  [97, 33, 31],
  [200, 5, 70],
  [5, 2051, 6],
  [13, 9, 4100],
] as const;

describe.each(engines)("%s", (_, engine) => {
  describe.each(types)("%s", (_name, typeA, typeB, typeC) => {
    const singles = [typeA, typeB, typeC].every((type) => type === "f32");
    const unit = singles || typeC === "f32" ? EPS.f32 : EPS.f64;

    test.each(shapes)("%i × %i with %i terms is a product by definition, however it lies", (m, n, k) => {
      for (const [flipA, flipB, flipC] of [
        [false, false, false],
        [true, false, true],
        [false, true, false],
        [true, true, true],
      ]) {
        const [a, b] = [as(randomMatrix(m, k, 1), typeA), as(randomMatrix(k, n, 2), typeB)];
        const left = flipA ? transposed(strided(as(transpose(a), typeA))) : strided(a);
        const right = flipB ? transposed(strided(as(transpose(b), typeB))) : strided(b);
        const c = as(randomMatrix(flipC ? n : m, flipC ? m : n, 3), typeC); // is to be overwritten
        const product = flipC ? transposed(strided<Data>(c)) : strided<Data>(c);
        engine.gemm({ a: left, b: right, c: product });
        expectProduct(product, left, right, unit);
      }
    });

    test("blocks of larger matrices are multiplied, and what is around the result is left alone", () => {
      const [a, b] = [as(randomMatrix(60, 50, 4), typeA), as(randomMatrix(50, 70, 5), typeB)];
      const c = as(randomMatrix(64, 80, 6), typeC);
      const before = c.data.slice();
      const [left, right] = [
        block(strided<Data>(a), [3, 50], [5, 46]),
        block(strided<Data>(b), [9, 50], [30, 67]),
      ];
      engine.gemm({ a: left, b: right, c: block(strided<Data>(c), [7, 54], [11, 48]), alpha: 1 });
      expectProduct(block(strided<Data>(c), [7, 54], [11, 48]), left, right, unit);
      const inside = (index: number): boolean => {
        const [i, j] = [Math.floor(index / 80), index % 80];
        return i >= 7 && i < 54 && j >= 11 && j < 48;
      };
      expect(before.every((value, index) => inside(index) || value === c.data[index])).toBe(true);
    });

    test("the product is scaled and added where that is asked for", () => {
      const [a, b] = [as(randomMatrix(40, 30, 7), typeA), as(randomMatrix(30, 20, 8), typeB)];
      const c = as(randomMatrix(40, 20, 9), typeC);
      const before = c.data.slice();
      engine.gemm({ a: strided(a), b: strided(b), c: strided<Data>(c), alpha: -2, add: true });
      c.data.forEach((value, index) => {
        const { sum, size } = entry(strided(a), strided(b), [Math.floor(index / 20), index % 20]);
        const bound = (30 + 4) * (unit + EPS.f64) * (2 * size + Math.abs(before[index]));
        expect(Math.abs(value - (before[index] - 2 * sum))).toBeLessThanOrEqual(bound);
      });
    });

    test("a NaN stays in its row or column, at the edge of a tile too", () => {
      const [a, b] = [as(randomMatrix(31, 29, 10), typeA), as(randomMatrix(29, 27, 11), typeB)];
      a.data[30 * 29] = Number.NaN;
      b.data[26] = Number.POSITIVE_INFINITY;
      const c = as(randomMatrix(31, 27, 12), typeC);
      engine.gemm({ a: strided(a), b: strided(b), c: strided<Data>(c) });
      c.data.forEach((value, index) => {
        expect(Number.isFinite(value)).toBe(Math.floor(index / 27) < 30 && index % 27 < 26);
      });
    });
  });

  test.each([
    [0, 3],
    [1, 1],
    [5, 3],
    [300, 7],
    [70, 37],
    [520, 110],
  ])("the Gram matrix of %i × %i is by definition, and symmetric to the bit", (m, n) => {
    const x = randomMatrix(m, n, 2);
    const g = engine.gram(strided(x));
    expectProduct(strided(g), transposed(strided(x)), strided(x), EPS.f64);
    expect(transpose(g)).toEqual(g);
    const single = as(x, "f32");
    expectProduct(
      strided(engine.gram(strided(single))),
      transposed(strided(single)),
      strided(single),
      EPS.f64,
    );
  });

  test.each([
    [1, 1],
    [5, 3],
    [9, 16],
    [33, 17],
    [300, 64],
    [70, 133],
  ])("solving %i rows with a triangle of %i undoes multiplying with it", (m, n) => {
    const spread = engine.gram(strided(randomMatrix(n, n, 3)));
    for (let i = 0; i < n; i++) spread.data[i * n + i] += 1; // eigenvalues of 1 and more
    const l = cholesky(spread);
    const x = randomMatrix(m, n, 4);
    const solved = randomMatrix(m, n, 5);
    engine.gemm({ a: strided(x), b: transposed(strided(l)), c: strided<Data>(solved) });
    engine.solveTriangular(solved, l);
    // The triangle's condition is below n·(1 + 4n); Higham, theorem 8.5.
    const bound = n * (1 + 4 * n) * n * Number.EPSILON * maxAbs(x);
    x.data.forEach((value, index) => expect(Math.abs(solved.data[index] - value)).toBeLessThanOrEqual(bound));
  });

  test.each([1, 2, 3, 8, 9, 33, 128])("a matrix of %i rows becomes its Cholesky factor", (n) => {
    const a = engine.gram(strided(randomMatrix(n + 3, n, 3)));
    const l = { ...a, data: a.data.map((value, i) => (i % n > i / n ? Number.NaN : value)) };
    expect(engine.cholesky(l)).toBe(n);
    const lower = { ...l, data: l.data.map((value, i) => (i % n > i / n ? 0 : value)) };
    // Higham, theorem 10.3
    const bound = (n + 1) * Number.EPSILON * maxAbs(a);
    expect(maxAbs(minus(multiply(lower, lower, { transB: true }), a))).toBeLessThanOrEqual(bound);
  });

  test.each([0, 4, 17])(
    "row %i of a matrix that is not positive definite is told, its pivot left",
    (index) => {
      const a = engine.gram(strided(randomMatrix(30, 20, 3)));
      for (let i = 0; i < 20; i++) a.data[i * 20 + index] = a.data[index * 20 + i] = i === index ? -1 : 0;
      expect(engine.cholesky(a)).toBe(index);
      expect(a.data[index * 21]).toBe(-1);
    },
  );

  test("the inverse of a triangle that begins with zeros is solved for", () => {
    const n = 37;
    const l = cholesky(engine.gram(strided(randomMatrix(n + 9, n, 6))), { engine });
    const inverse = identity(n);
    engine.solveTriangular(inverse, l);
    const product = multiply(inverse, l, { transB: true });
    // Higham, theorem 8.5: backward stable row by row
    const bound = n * n * Number.EPSILON * maxAbs(inverse) * maxAbs(l);
    expect(maxAbs(minus(product, identity(n)))).toBeLessThanOrEqual(bound);
  });

  test.each([0, 1, 2, 3, 7, 8, 9, 31, 5000])("vectors of %i values are multiplied and turned", (length) => {
    const vectors = [1, 2, 3].map((seed) => randomMatrix(1, length, seed).data);
    const [x, y, z] = vectors.map((vector) => vector.slice());
    const sum4 = z.map((value, i) => (i < 3 ? value : value + 4 * x[i]));
    engine.withRows([x.slice(), z.slice()], (rows) => {
      rows.axpy(4, 0, 1, Math.min(3, length));
      rows.vector(1).forEach((value, i) => expect(value).toBeCloseTo(sum4[i], 13));
    });
    const dots = engine.withRows(vectors, (rows) => {
      rows.swap(0, 2); // z, y, x
      rows.rotate(2, 1, { c: 0.6, s: 0.8 });
      return [rows.dot(0, 0, length), rows.dot(0, 2, Math.floor(length / 2)), engine.dot(y, z)];
    });
    expect(vectors[0]).toEqual(z);
    const turned = x.map((value, i) => 0.6 * value - 0.8 * y[i]);
    const other = x.map((value, i) => 0.8 * value + 0.6 * y[i]);
    turned.forEach((value, i) => expect(vectors[2][i]).toBeCloseTo(value, 14));
    other.forEach((value, i) => expect(vectors[1][i]).toBeCloseTo(value, 14));
    const pairs = [
      [z, z],
      [z.subarray(0, Math.floor(length / 2)), turned],
      [y, z],
    ];
    pairs.forEach(([one, two], index) => {
      const { sum, size } = entry(row(one), transposed(row(two)), [0, 0]);
      expect(Math.abs(dots[index] - sum)).toBeLessThanOrEqual((length + 4) * Number.EPSILON * size);
    });
  });

  test.each([
    [3, 4],
    [9, 33],
    [130, 57],
  ])("a matrix of %i × %i is held while it is multiplied with", (rows, cols) => {
    for (const type of ["f32", "f64"] as const) {
      const a = as(randomMatrix(rows, cols, 1), type);
      const [x, y] = [randomMatrix(cols, 1, 2), randomMatrix(rows, 1, 3)];
      const wide = randomMatrix(cols, 2, 4);
      const map = matrixMap(a, { engine });
      engine.withMatrix(a, map, (held) => {
        expectProduct(strided(held.multiply(x)), strided(a), strided(x), EPS.f64);
        expectProduct(strided(held.multiplyTransposed(y)), transposed(strided(a)), strided(y), EPS.f64);
        expectProduct(strided(held.multiply(wide)), strided(a), strided(wide), EPS.f64);
        expect([held.rows, held.cols]).toEqual([rows, cols]);
      });
    }
  });

  test.each([1, 2, 3, 8, 9, 40])("a reflector of %i components turns what follows it", (length) => {
    const vectors = [1, 2].map((seed) => randomMatrix(1, length + 3, seed).data);
    const [x, y] = vectors.map((vector) => vector.slice());
    const first = engine.withRows(vectors, (rows) => {
      expect(rows.vector(0)).toEqual(x);
      return rows.reflect(0, 1, { tau: 1.5, from: 3 });
    });
    const v = x.subarray(3).with(0, 1);
    const along = v.reduce((sum, value, i) => sum + value * y[3 + i], 0);
    const turned = y.map((value, i) => (i < 3 ? value : value - 1.5 * along * v[i - 3]));
    expect([...vectors[0]]).toEqual([...x]);
    turned.forEach((value, i) => expect(vectors[1][i]).toBeCloseTo(value, 12));
    expect(first).toBe(vectors[1][3]);
  });

  test.each(["bf16", "f16"] as const)("all patterns of %s are widened exactly", (from) => {
    const patterns = Uint16Array.from({ length: 65_536 + 3 }, (_unused, i) => i);
    const bytes = new Uint8Array(patterns.buffer);
    const [out, expected] = [new Float32Array(patterns.length), new Float32Array(patterns.length)];
    engine.widen({ bytes, from, out });
    decode(bytes, from, expected);
    const bits = (values: Float32Array): Uint32Array => new Uint32Array(values.buffer);
    const differ = bits(out).filter((value, i) => value !== bits(expected)[i] && !Number.isNaN(expected[i]));
    expect(differ.length).toBe(0);
    expect(out).toEqual(expected);
    expect(() => engine.widen({ bytes: bytes.subarray(2), from, out })).toThrow("bytes, not the");
  });
});

function row(data: Float64Array): Strided {
  return strided({ rows: 1, cols: data.length, data });
}
