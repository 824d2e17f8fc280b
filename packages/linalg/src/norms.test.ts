import { expect, test } from "vitest";
import { matrix } from "./create.ts";
import { dot, frobeniusNorm, maxAbs } from "./norms.ts";

test("hand-worked: 3, 4 and 12 make 13", () => {
  const a = matrix([
    [3, -4],
    [12, 0],
  ]);
  expect(frobeniusNorm(a)).toBe(13);
  expect(maxAbs(a)).toBe(12);
  expect(
    dot(
      a,
      matrix([
        [1, 1],
        [2, 5],
      ]),
    ),
  ).toBe(23);
});

test.each([
  ["overflow", 2 ** 600],
  ["underflow", 2 ** -600],
  ["subnormal", 2 ** -1070],
])("squares that would leave the range do no harm: %s", (_, unit) => {
  expect(frobeniusNorm(matrix([[3 * unit, 4 * unit]]))).toBe(5 * unit);
});

test("an empty matrix has norm zero; NaN and infinity come through", () => {
  expect([frobeniusNorm(matrix([])), maxAbs(matrix([]))]).toEqual([0, 0]);
  expect(maxAbs(matrix([[1, Number.NaN, 2]]))).toBeNaN();
  expect(frobeniusNorm(matrix([[1, Number.NaN, 2]]))).toBeNaN();
  expect(frobeniusNorm(matrix([[1, -Infinity]]))).toBe(Infinity);
});

test("the inner product of different shapes is refused", () => {
  expect(() => dot(matrix([[1, 2]]), matrix([[1], [2]]))).toThrow(
    "an inner product takes equal shapes, not 1 × 2 and 2 × 1",
  );
});
