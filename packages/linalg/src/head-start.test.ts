import { expect, test } from "vitest";
import { expectOrthonormal, expectWithin, minus, timesDiagonal, withValues } from "./checks.test-helper.ts";
import { headStart, rowSpectrum } from "./head-start.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { pivotedQr } from "./pivoted-qr.ts";
import { randomMatrix } from "./random-matrix.ts";
import { referenceEngine } from "./reference-engine.ts";
import { singularValues } from "./svd.ts";

const falling = (count: number, condition: number): number[] =>
  Array.from({ length: count }, (_, i) => condition ** (-i / (count - 1)));

test("the rows of a well conditioned triangle become nearly orthogonal, by an orthogonal turn", () => {
  const { r } = pivotedQr(referenceEngine, withValues([60, 60], falling(60, 100), 1));
  const { turned, turn } = headStart(referenceEngine, r, rowSpectrum(referenceEngine, r)!);
  expectOrthonormal(turn);
  expect(maxAbs(minus(multiply(turn, r), turned))).toBeLessThanOrEqual(100 * 60 * Number.EPSILON);
  const products = multiply(turned, turned, { transB: true });
  for (let i = 0; i < 60; i++) products.data[i * 60 + i] = 0;
  expect(maxAbs(products)).toBeLessThanOrEqual(100 * 60 * Number.EPSILON);
});

test("an ill conditioned triangle is not turned, so that its small values keep their digits", () => {
  const graded = timesDiagonal(randomMatrix(64, 64, 2), falling(64, 1e30));
  const { r } = pivotedQr(referenceEngine, graded);
  expect(rowSpectrum(referenceEngine, r)).toBeUndefined();
});

test("at the condition where it still turns, the smallest value keeps nine digits", () => {
  const values = falling(60, 0.9e5);
  const s = singularValues(withValues([80, 60], values, 3));
  expectWithin([s[59] / values[59]], [1], 1e-9);
});
