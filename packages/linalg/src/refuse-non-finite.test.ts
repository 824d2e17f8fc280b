import { describe, expect, test } from "vitest";
import { choleskyQr2 } from "./cholesky-qr2.ts";
import { cholesky } from "./cholesky.ts";
import { identity, matrix } from "./create.ts";
import { leastSquares } from "./least-squares.ts";
import { matrixMap } from "./matrix-map.ts";
import type { Matrix } from "./matrix.ts";
import { matrixRank } from "./matrix-rank.ts";
import { productSvd } from "./product-svd.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { spectralNorm } from "./spectral-norm.ts";
import { svdLowRank } from "./svd-low-rank.ts";
import { singularValues, svd } from "./svd.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";
import { thinQr } from "./thin-qr.ts";

test("the first bad entry is named with row, column and value", () => {
  const a = { rows: 5, cols: 8, data: new Float32Array(40) };
  refuseNonFinite(a, "a");
  a.data[3 * 8 + 7] = Number.NaN;
  expect(() => refuseNonFinite(a, "a")).toThrow("entry (3, 7) of `a` is NaN");
  a.data[8] = -Infinity;
  expect(() => refuseNonFinite(a, "down")).toThrow("entry (1, 0) of `down` is -Infinity");
});

describe("every factorisation refuses, one by one matrices too", () => {
  const good = identity(1);
  const factorisations: Record<string, (a: Matrix) => unknown> = {
    cholesky,
    choleskyQr2,
    leastSquares: (a) => leastSquares(a, good),
    "leastSquares, right side": (a) => leastSquares(good, a),
    matrixRank,
    productSvd: (a) => productSvd(a, good),
    "productSvd, second factor": (a) => productSvd(good, a),
    singularValues,
    spectralNorm: (a) => spectralNorm(matrixMap(a)),
    svd,
    svdLowRank: (a) => svdLowRank(matrixMap(a), { rank: 1 }),
    symmetricEigen,
    thinQr,
  };
  test.each(Object.entries(factorisations))("%s", (_, factorise) => {
    expect(() => factorise(good)).not.toThrow();
    for (const value of [Number.NaN, Infinity, -Infinity]) {
      expect(() => factorise(matrix([[value]]))).toThrow(/^entry \(0, 0\) of .* is (NaN|-?Infinity)$/u);
    }
  });
});
