import { expect, test } from "vitest";
import { tellsPairs } from "./tells-pairs.ts";

/** Squares of 400, 100, 4 and 1 that are off by up to 0.001: 2.5 · 10⁻⁶ to 10⁻³ of themselves. */
const values = { s: Float64Array.of(20, 10, 2, 1), uncertainty: 0.001 };

test.each([
  [[0], true],
  [[], true],
  [[0, 1], false], // what goes, 4, is off by 2.5 · 10⁻⁴
  [[0, 1, 2, 3], false],
  [[1, 3], false],
])("pairs %j, where values are not exact: %s", (kept, told) => {
  expect(tellsPairs(values, kept)).toBe(told);
});

test("all that stays is told by its least value", () => {
  expect(tellsPairs({ ...values, uncertainty: 1e-4 }, [0, 1, 2, 3])).toBe(true);
  expect(tellsPairs({ ...values, uncertainty: 1.01e-4 }, [0, 1, 2, 3])).toBe(false);
});
