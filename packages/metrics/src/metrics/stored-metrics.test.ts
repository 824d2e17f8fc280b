import { describe, expect, test } from "vitest";
import { alphaOverRank, balance, deadDimensions, halfRange, nonFinite } from "../index.ts";
import type { MetricInput, StoredFactors } from "../index.ts";

const empty = { rows: 0, cols: 0, data: new Float64Array() };

function stored(
  up: readonly number[],
  down: readonly number[],
  more: Partial<StoredFactors> = {},
): MetricInput {
  // Rank 2: up is out × 2, down 2 × in.
  const factors = {
    up: { rows: up.length / 2, cols: 2, data: Float64Array.from(up) },
    down: { rows: 2, cols: down.length / 2, data: Float64Array.from(down) },
    scale: 0.5,
    alpha: undefined,
  };
  return { update: { u: empty, s: new Float64Array(), v: empty, stored: { ...factors, ...more } } };
}

test("alpha over rank is α / r, or the scale where there is no α", () => {
  expect(alphaOverRank.compute(stored([1, 1], [1, 1], { alpha: 3 }))).toBe(1.5);
  expect(alphaOverRank.compute(stored([1, 1], [1, 1]))).toBe(0.5);
});

test.each([
  ["‖up‖ / ‖down‖", [3, 4], [0, 2.5], 2],
  ["up = 0", [0, 0], [1, 1], 0],
  ["both 0", [0, 0], [0, 0], 0],
  ["down = 0", [1, 0], [0, 0], Infinity],
])("the balance: %s", (_, up, down, expected) => {
  expect(balance.compute(stored(up, down))).toBe(expected);
});

describe("the range of f16", () => {
  const below = (value: number): number => value * (1 - 2 ** -30);
  const above = (value: number): number => value * (1 + 2 ** -30);

  test.each([
    ["65504 is the largest", [65504, -65504], {}],
    ["just below 65520 still rounds to it", [below(65520), 1], {}],
    ["65520 rounds to infinity", [65520, -1e30], { overflow: 2 }],
    ["infinity and NaN are counted elsewhere", [Infinity, Number.NaN], {}],
    ["2⁻¹⁴ is the smallest normal", [2 ** -14, 2 ** -14 - 2 ** -25], {}],
    [
      "just below the midpoint to 2⁻¹⁴ is subnormal",
      [below(2 ** -14 - 2 ** -25), -(2 ** -24)],
      { subnormal: 2 },
    ],
    ["above half of 2⁻²⁴ rounds up to it", [above(2 ** -25), 1], { subnormal: 1 }],
    ["half of 2⁻²⁴ becomes 0", [2 ** -25, -1e-40], { flushed: 2 }],
    ["0 is held", [0, -0], {}],
  ])("%s", (_, values, counts) => {
    const expected = { overflow: 0, subnormal: 0, flushed: 0, ...counts };
    expect(halfRange.compute(stored(values, [1, 1]))).toEqual(expected);
    expect(halfRange.compute(stored([1, 1], values))).toEqual(expected);
  });
});

test("values that are not finite are counted, with the first of each factor", () => {
  expect(nonFinite.compute(stored([1, Number.NaN, -Infinity, 0], [1, 2, 3, Infinity]))).toEqual({
    nan: 1,
    infinite: 2,
    firstInUp: 1,
    firstInDown: 3,
  });
  expect(nonFinite.compute(stored([1, 2], [3, 4])).firstInUp).toBe(-1);
});

test.each([
  ["none", [1, 2, 3, 4], [1, 0, 0, 1], []],
  ["a zero column of up", [1, 0, 3, 0], [1, 1, 1, 1], [1]],
  ["a zero row of down", [1, 2, 3, 4], [0, 0, 1, 1], [0]],
  ["all before training", [0, 0, 0, 0], [1, 1, 1, 1], [0, 1]],
  ["NaN is not dead", [Number.NaN, 1], [1, 1], []],
])("dead dimensions: %s", (_, up, down, expected) => {
  expect([...deadDimensions.compute(stored(up, down))]).toEqual(expected);
});

test("an update that is not a product has no stored factors", () => {
  const message = "this metric reads the stored factors, and the update is not stored as a product";
  const dense = { update: { u: empty, s: new Float64Array(), v: empty } };
  expect(() => balance.compute(dense)).toThrow(expect.objectContaining({ code: "MISSING", message }));
});
