import { expect, test } from "vitest";
import { bindInitialiser } from "./_bind.ts";
import { seededDraws } from "./_draws.ts";

const module = { out: 40, in: 900, rank: 50, scale: 1, draws: seededDraws(1) };

/** Standard errors of mean and variance for 45 000 values are below 0.5 % and 1 % of the deviation and the variance. */
test.each([
  ["default", 1 / Math.sqrt(3 * 900), 1 / Math.sqrt(900)],
  ["gaussian", 1 / 50, 1],
  ["random", 1 / Math.sqrt(3 * 900), 1 / Math.sqrt(900)],
])("%s: down has the deviation that PEFT gives it", (id, deviation, bound) => {
  const data = Array.from(bindInitialiser(id).make(module).down.data);
  const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
  const variance = data.reduce((sum, value) => sum + value * value, 0) / data.length;
  expect(Math.abs(mean) / deviation).toBeLessThan(0.02);
  expect(Math.abs(variance / deviation ** 2 - 1)).toBeLessThan(0.04);
  expect(data.every((value) => Math.abs(value) <= bound)).toBe(true);
});

test("up is zero, or uniform in ±1/√r where the model is not to be the same", () => {
  expect(
    bindInitialiser("default")
      .make(module)
      .up.data.every((value) => value === 0),
  ).toBe(true);
  const { data } = bindInitialiser("random").make(module).up;
  expect(data.every((value) => value !== 0 && Math.abs(value) <= 1 / Math.sqrt(50))).toBe(true);
});

test("a permutation holds every index once", () => {
  expect([...seededDraws(2).permutation(20)].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 20 }, (_, i) => i),
  );
});
