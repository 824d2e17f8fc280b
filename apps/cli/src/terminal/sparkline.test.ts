import { expect, test } from "vitest";
import { resample } from "./resample.ts";
import { sparkline } from "./sparkline.ts";

test("eight even steps are the eight blocks", () => {
  const steps = [1, 2, 3, 4, 5, 6, 7, 8];
  expect(sparkline(steps, { unicode: true })).toBe("▁▂▃▄▅▆▇█");
  expect(sparkline(steps, { unicode: false })).toBe("_.-~=+*#");
});

test("on a log scale three decades fill the height", () => {
  expect(sparkline([1, 0.1, 0.01, 0.001, 1e-9], { unicode: true, scale: "log" })).toBe("█▆▃▁▁");
});

test("zeros are blank, and so is a series of them", () => {
  expect(sparkline([2, 0, 1], { unicode: true })).toBe("█ ▄");
  expect(sparkline([0, 0], { unicode: true })).toBe("  ");
  expect(sparkline([], { unicode: true })).toBe("");
});

test("a long series is resampled to its width and keeps its peak", () => {
  const values = new Float64Array(100).fill(1);
  values[57] = 8;
  expect(sparkline(values, { unicode: true, width: 10 })).toBe("▁▁▁▁▁█▁▁▁▁");
  expect(resample([1, 2, 3, 4, 5], 2)).toEqual([2, 5]);
});

test("a given maximum makes lines comparable", () => {
  expect(sparkline([1], { unicode: true, max: 2 })).toBe("▄");
});
