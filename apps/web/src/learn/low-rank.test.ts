import { matrix, maxAbs, svd } from "@lora/linalg";
import { expect, test } from "vitest";
import { cellPaths } from "./cell-paths.ts";
import { lowRank } from "./low-rank.ts";
import { picture } from "./picture.ts";

test("hand-worked: of diag(3, 4) rank 1 keeps the 4, and misses 3 of 5", () => {
  const whole = matrix([
    [3, 0],
    [0, 4],
  ]);
  const { product, error, parameters } = lowRank(whole, svd(whole), 1);
  expect([...product.data].map((value) => Math.round(value * 1e12) / 1e12 + 0)).toEqual([0, 0, 0, 4]);
  expect(error).toBeCloseTo(3 / 5, 14);
  expect(parameters).toEqual({ dense: 4, factors: 4 });
});

test("the lesson's error is that of the singular values left out, at every rank", () => {
  const whole = picture();
  const parts = svd(whole);
  const norm = Math.hypot(...parts.s);
  for (let rank = 1; rank <= parts.s.length; rank++) {
    const { error, difference } = lowRank(whole, parts, rank);
    expect(Math.abs(error - Math.hypot(...parts.s.subarray(rank)) / norm)).toBeLessThan(1e-13);
    if (rank === parts.s.length) expect(maxAbs(difference)).toBeLessThan(1e-13);
  }
});

test("cells of one colour are one path", () => {
  expect(cellPaths(matrix([[1, -2, 1]]), 1, 10)).toEqual([
    { level: 1, path: "M0 0h10v10h-10zM20 0h10v10h-10z" },
    { level: -1, path: "M10 0h10v10h-10z" },
  ]);
});
