import { describe, expect, test } from "vitest";
import { transpose } from "./arrange.ts";
import {
  expectOrthonormal,
  expectSvdOf,
  expectWithin,
  listed,
  minus,
  rebuild,
  timesDiagonal,
  withValues,
} from "./checks.test-helper.ts";
import { choleskyQr2 } from "./cholesky-qr2.ts";
import { cholesky } from "./cholesky.ts";
import { engines } from "./engines.test-helper.ts";
import { leastSquares } from "./least-squares.ts";
import golden from "./linalg.golden.json" with { type: "json" };
import { matrixMap } from "./matrix-map.ts";
import { matrixRank } from "./matrix-rank.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { dot, frobeniusNorm, maxAbs } from "./norms.ts";
import { productMap } from "./product-map.ts";
import { productSvd } from "./product-svd.ts";
import { randomMatrix } from "./random-matrix.ts";
import { spectralNorm } from "./spectral-norm.ts";
import { svdLowRank } from "./svd-low-rank.ts";
import { singularValues, svd } from "./svd.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import type { Qr } from "./thin-qr.ts";
import { thinQr } from "./thin-qr.ts";

// What each file tests on the reference, once more on every engine there is.
describe.each(engines)("%s", (_, engine) => {
  describe.each(golden.singularValues)("$name", ({ a: stored, s: expected, exact }) => {
    const a = listed(stored);

    test("has the values expected, and is rebuilt", () => {
      expectSvdOf(a, svd(a, { engine }));
      expectSvdOf(transpose(a), svd(transpose(a), { engine }));
      const s = singularValues(a, { engine });
      s.forEach((value, i) => {
        expectWithin([value], [expected[i]], exact === true ? 1e-10 * expected[i] : 1e-13 * expected[0]);
      });
    });
  });

  test.each(golden.products)("$name", ({ b, a, s }) => {
    expectWithin(productSvd(listed(b), listed(a), { engine }).s, s, 1e-13 * s[0]);
  });

  test.each([
    [150, 70],
    [70, 150],
    [97, 97],
  ])("an SVD of %i × %i", (m, n) => {
    const a = randomMatrix(m, n, 1);
    expectSvdOf(a, svd(a, { engine }));
  });

  test.each([
    [700, 40, 300],
    [33, 1, 17],
    [20, 12, 5],
  ])("the SVD of a product: %i × %i × %i", (m, r, n) => {
    const [b, a] = [randomMatrix(m, r, 2), randomMatrix(r, n, 3)];
    const result = productSvd(b, a, { engine });
    expectOrthonormal(result.u);
    expectOrthonormal(result.v);
    const bound = 100 * r * Number.EPSILON * singularValues(b)[0] * singularValues(a)[0];
    expect(maxAbs(minus(rebuild(result), multiply(b, a)))).toBeLessThanOrEqual(bound);
  });

  test.each([
    ["thinQr", thinQr, 150, 70],
    ["thinQr", thinQr, 40, 90],
    ["choleskyQr2", choleskyQr2, 300, 70],
    ["choleskyQr2", choleskyQr2, 200, 33],
  ] as const)("%s is orthonormal, triangular, and rebuilds %o × %i", (_name, factor, m, n) => {
    const a = randomMatrix(m, n, 4);
    expectQr(a, factor(a, { engine }));
  });

  test("CholeskyQR2 is as accurate as Householder at any condition", () => {
    for (const condition of [1e3, 1e7, 1e8, 1e12]) {
      const values = Array.from({ length: 20 }, (_unused, i) => condition ** (-i / 19));
      const a = withValues([200, 20], values, 5);
      expectQr(a, choleskyQr2(a, { engine }));
    }
  });

  test("eigenvectors are orthonormal and rebuild the matrix", () => {
    const half = randomMatrix(70, 70, 6);
    const a = minus(half, multiply(transpose(half), half, { alpha: -1 }));
    for (let i = 0; i < 70; i++) for (let j = 0; j < i; j++) a.data[j * 70 + i] = a.data[i * 70 + j];
    const { values, vectors } = symmetricEigen(a, { engine });
    expectOrthonormal(vectors);
    const again = multiply(timesDiagonal(vectors, values), vectors, { transB: true });
    expect(maxAbs(minus(again, a))).toBeLessThanOrEqual(100 * 70 * Number.EPSILON * Math.abs(values[0]));
  });

  test("a Cholesky factor rebuilds the matrix", () => {
    const x = randomMatrix(90, 60, 7);
    const a = multiply(x, x, { transA: true });
    const l = cholesky(a, { engine });
    const bound = 100 * 60 * Number.EPSILON * maxAbs(a);
    expect(maxAbs(minus(multiply(l, l, { transB: true }), a))).toBeLessThanOrEqual(bound);
  });

  test("norms, ranks, truncated factors and least squares of a spectrum that is given", () => {
    const values = Array.from({ length: 30 }, (_unused, i) => 2 ** -i);
    const a = withValues([120, 90], values, 8);
    const [map, exact] = [matrixMap(a, { engine }), 1e-12];
    expectWithin([spectralNorm(map, { engine }).value], [1], exact);
    expectWithin([spectralNorm(productMap(a, transpose(a), { engine }), { engine }).value], [1], exact);
    expectWithin(svdLowRank(map, { rank: 5, engine }).s, values.slice(0, 5), exact);
    const squares = values.reduce((sum, value) => sum + value * value, 0);
    expectWithin([frobeniusNorm(a, { engine }) ** 2, dot(a, a, { engine })], [squares, squares], exact);
    expect(matrixRank(a, { engine })).toBe(30);
    const x = leastSquares(a, a, { engine }); // the projection onto the rows of a
    expect(maxAbs(minus(multiply(a, x), a))).toBeLessThanOrEqual(exact);
  });
});

function expectQr(a: Matrix, { q, r }: Qr): void {
  expectOrthonormal(q);
  for (let i = 0; i < r.rows; i++) for (let j = 0; j < i; j++) expect(r.data[i * r.cols + j]).toBe(0);
  const bound = 100 * Math.max(a.rows, a.cols) * Number.EPSILON * maxAbs(a);
  expect(maxAbs(minus(multiply(q, r), a))).toBeLessThanOrEqual(bound);
}
