import { describe, expect, test } from "vitest";
import { scaled, stackColumns, stackRows, transpose } from "./arrange.ts";
import { expectWithin, minus, rebuild, withValues } from "./checks.test-helper.ts";
import { identity } from "./create.ts";
import { engines } from "./engines.test-helper.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { gram } from "./gram.ts";
import type { Matrix } from "./matrix.ts";
import { productBasis, productBasisInRuns, productBasisOfGrams } from "./product-basis.ts";
import { coordinatesOf } from "./product-coordinates.ts";
import { pairsOf } from "./product-pairs.ts";
import { productSvd } from "./product-svd.ts";
import { randomMatrix } from "./random-matrix.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** What a basis may be off by, beside σ₁. */
const TOLERANCE = 2 ** -27;

/** Falling evenly on a logarithmic scale from 1 to 1/κ. */
function falling(count: number, condition: number): number[] {
  return Array.from({ length: count }, (_, i) => condition ** (-i / (count - 1)));
}

/** ‖T‖_F */
function normOf({ diagonal, off }: Tridiagonal): number {
  return Math.hypot(norm(diagonal), Math.SQRT2 * norm(off));
}

/** Rank, condition of both factors, and whether the product is reduced or decomposed. */
const cases = [
  { rank: 8, condition: 3, reduced: false },
  { rank: 24, condition: 30, reduced: true },
  { rank: 40, condition: 300, reduced: true },
  { rank: 24, condition: 1e5, reduced: false },
];

describe.each(engines)("%s", (_, engine) => {
  describe.each(cases)("rank $rank, condition $condition", ({ rank, condition, reduced }) => {
    const b = withValues([150, rank], falling(rank, condition), 1);
    const a = transpose(withValues([130, rank], falling(rank, condition), 3));
    const gain = -0.5;
    const basis = productBasis(b, a, { gain, engine });
    const exact = productSvd(b, a);

    test("is reduced where both are well conditioned and not small", () => {
      expect("form" in basis).toBe(reduced);
    });

    test("values are those of the product, times the gain", () => {
      const s = exact.s.map((value) => 0.5 * value);
      s.forEach((value, i) => expect(Math.abs(basis.s[i] - value)).toBeLessThanOrEqual(TOLERANCE * s[0]));
    });

    test("leading pairs are orthonormal and make the best product of their rank", () => {
      const kept = [0, 1, 2, 3, 4];
      const { s, left, right } = pairsOf(basis, kept, { engine })!;
      const [u, v] = [multiply(b, left), multiply(a, right, { transA: true })];
      for (const x of [u, v]) {
        const off = minus(multiply(x, x, { transA: true }), identity(kept.length));
        expect(norm(off.data)).toBeLessThanOrEqual(10 * TOLERANCE);
      }
      const difference = minus(multiply(b, a, { alpha: gain }), rebuild({ u, s, v }));
      const left2 = norm(exact.s.subarray(kept.length)) * 0.5;
      expectWithin([norm(difference.data)], [left2], 10 * TOLERANCE * exact.s[0]);
    });

    test("the coordinates tell what vectors make of both sides", () => {
      const { squares, timesT, timesQ } = coordinatesOf(basis, { engine });
      const [x, y] = [randomMatrix(3, b.rows, 5), randomMatrix(3, a.cols, 6)];
      const t = timesT(multiply(x, b));
      const q = timesQ(multiply(y, a, { transB: true }));
      // x·(gain·b·a)·yᵀ = (x·t)·(y·q)ᵀ, and the lengths of x·t are those of x·(gain·b·a).
      const through = multiply(multiply(x, b), multiply(a, y, { transB: true }), { alpha: gain });
      const scale = norm(through.data);
      expectWithin(multiply(t, q, { transB: true }).data, [...through.data], 1e-6 * scale);
      const product = multiply(multiply(x, b), a, { alpha: gain });
      expectWithin([norm(t.data)], [norm(product.data)], 1e-7 * norm(product.data));
      // tᵀ·t: its trace is the sum of the squares of the values.
      expectWithin([normOf(squares)], [norm(basis.s.map((value) => value ** 2))], 1e-7 * basis.s[0] ** 2);
    });

    test("the coordinates of a pair are where its vectors are", () => {
      const kept = [1, 3];
      const { s, left, right, coordinates } = pairsOf(basis, kept, { engine })!;
      const { timesT, timesQ } = coordinatesOf(basis, { engine });
      const u = multiply(left, b, { transA: true, transB: true });
      const v = multiply(right, a, { transA: true });
      const t = timesT(multiply(u, b));
      const lengthened = coordinates.data.map((value, i) => value * s[Math.floor(i / coordinates.cols)]);
      expectWithin(t.data, [...lengthened], 1e-6 * s[0]);
      expectWithin(timesQ(multiply(v, a, { transB: true })).data, [...coordinates.data], 1e-6);
    });
  });

  test("values that are equal have orthonormal vectors, or none", () => {
    const rank = 24;
    const b = withValues(
      [100, rank],
      Array.from({ length: rank }, () => 1),
      1,
    );
    const a = transpose(
      withValues(
        [90, rank],
        Array.from({ length: rank }, () => 1),
        2,
      ),
    );
    const pairs = pairsOf(productBasis(b, a, { engine }), [0, 1, 2, 3], { engine });
    if (pairs === undefined) return;
    const u = multiply(b, pairs.left);
    expect(norm(minus(multiply(u, u, { transA: true }), identity(4)).data)).toBeLessThanOrEqual(
      10 * TOLERANCE,
    );
  });

  test("a value that the reduced product has lost the vector of has none", () => {
    const rank = 24;
    const b = withValues([100, rank], falling(rank, 1e3), 1);
    const a = transpose(withValues([90, rank], falling(rank, 1e2), 1));
    const basis = productBasis(b, a, { engine });
    expect("form" in basis && basis.s[rank - 1] < basis.least).toBe(true);
    expect(pairsOf(basis, [rank - 1], { engine })).toBeUndefined();
    expect(pairsOf(basis, [0], { engine })).toBeDefined();
  });

  test("dependent columns are decomposed", () => {
    const half = randomMatrix(60, 15, 1);
    const down = randomMatrix(15, 70, 2);
    const basis = productBasis(stackColumns([half, half]), stackRows([down, down]), { engine });
    expect("form" in basis).toBe(false);
    expectWithin(
      basis.s.subarray(0, 15),
      [...productSvd(half, down).s].map((value) => 2 * value),
      1e-10 * basis.s[0],
    );
  });
});

describe.each(engines)("in runs of f32: %s", (_, engine) => {
  const rank = 24;
  const single = (a: Float64Matrix): Matrix => ({ ...a, data: Float32Array.from(a.data) });
  const b = single(withValues([330, rank], falling(rank, 30), 1));
  const a = single(transpose(withValues([520, rank], falling(rank, 30), 3)));
  const basis = productBasisInRuns(b, a, { gain: -0.5, engine })!;
  const exact = productBasis(b, a, { gain: -0.5 });

  test("squares of values are within the uncertainty that it tells", () => {
    basis.s.forEach((value, i) =>
      expect(Math.abs(value ** 2 - exact.s[i] ** 2)).toBeLessThanOrEqual(basis.uncertainty),
    );
  });

  test("vectors are orthonormal to the rounding of f16, from the least value on", () => {
    const kept = [...basis.s.keys()].filter((index) => basis.s[index] >= basis.least);
    expect(kept.length).toBeGreaterThan(5);
    const { left, right } = pairsOf(basis, kept, { engine })!;
    for (const x of [multiply(b, left), multiply(a, right, { transA: true })]) {
      const off = minus(multiply(x, x, { transA: true }), identity(kept.length));
      expect(norm(off.data)).toBeLessThanOrEqual(2 ** -11);
    }
  });

  test("values far below the uncertainty are not negative, and no reason to begin again", () => {
    const steep = single(withValues([330, rank], falling(rank, 1e4), 1));
    const { s, uncertainty } = productBasisInRuns(steep, a, { engine })!;
    expect(Math.min(...s)).toBeGreaterThanOrEqual(0);
    productBasis(steep, a).s.forEach((value, i) =>
      expect(Math.abs(value ** 2 - s[i] ** 2)).toBeLessThanOrEqual(uncertainty),
    );
  });

  test.each<[why: string, b: Matrix, a: Matrix]>([
    ["few columns", randomMatrix(60, 19, 1), randomMatrix(19, 60, 2)],
    ["inner sizes that differ", b, randomMatrix(23, 60, 2)],
    [
      "rows that nearly depend on each other",
      b,
      single(transpose(withValues([520, rank], falling(rank, 1e4), 3))),
    ],
    ["squares that are too small for f32", single(scaled(b, 1e-17)), a],
    ["squares that are too large for f32", single(scaled(b, 1e24)), a],
    ["what is no number", { ...b, data: b.data.with(5, Number.NaN) }, a],
  ])("not of %s", (_why, left, right) => {
    expect(productBasisInRuns(left, right, { engine })).toBeUndefined();
  });
});

test("the Gram matrices of the factors are all it takes, where they are well conditioned and not few", () => {
  const [b, a] = [
    withValues([150, 24], falling(24, 30), 1),
    transpose(withValues([130, 24], falling(24, 30), 3)),
  ];
  const grams = { left: gram(b), right: gram(a, { of: "rows" }), rows: 150, cols: 130 };
  expect(productBasisOfGrams(grams)).toEqual(productBasis(b, a));
  expect(productBasisOfGrams({ ...grams, cols: 20 })).toBeUndefined();
  const twice = { left: gram(stackColumns([b, b])), right: gram(stackRows([a, a]), { of: "rows" }) };
  expect(productBasisOfGrams({ ...twice, rows: 150, cols: 130 })).toBeUndefined();
});
