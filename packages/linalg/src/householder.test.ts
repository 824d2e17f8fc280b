import { expect, test } from "vitest";
import { makeReflector, reflect } from "./householder.ts";

test("hand-worked: (3, 4) is reflected to (-5, 0)", () => {
  const x = Float64Array.of(3, 4);
  const tau = makeReflector(x);
  expect([...x]).toEqual([-5, 0.5]); // v = (1, 4 / (3 + 5))
  expect(tau).toBe(1.6); // 2 / (1 + 0.25)
  const y = Float64Array.of(3, 4);
  reflect(x, tau, y);
  expect(y[0]).toBeCloseTo(-5, 14);
  expect(y[1]).toBeCloseTo(0, 14);
});

test("a multiple of the first axis is left where it is", () => {
  const x = Float64Array.of(-2, 0, 0);
  expect(makeReflector(x)).toBe(0);
  expect([...x]).toEqual([-2, 0, 0]);
});

test.each([2 ** -1074, 2 ** -1000, 2 ** 1000])("the reflector does not depend on the unit: %d", (unit) => {
  const x = Float64Array.of(3 * unit, 4 * unit);
  expect(makeReflector(x)).toBe(1.6);
  expect([...x]).toEqual([-5 * unit, 0.5]);
});
