import { matrix } from "@lora/linalg";
import { expect, test } from "vitest";
import { measuredBase } from "./measured-base.ts";

const [v, product] = [matrix([[1], [2]]), matrix([[3]])];

test("it gives the facts it was given", () => {
  const spectralNorm = { value: 2, residual: 0, iterations: 3 };
  const base = measuredBase({ out: 1, in: 2, spectralNorm, frobeniusNorm: 4, timesInputs: { v, product } });
  expect([base.out, base.in, base.frobeniusNorm()]).toEqual([1, 2, 4]);
  expect(base.spectralNorm()).toBe(spectralNorm);
  expect(base.timesInputs(v)).toBe(product);
});

test("and says which one it does not have", () => {
  const base = measuredBase({ out: 1, in: 2, timesInputs: { v, product } });
  expect(() => base.spectralNorm()).toThrow("spectralNorm of this base weight was not measured");
  expect(() => base.frobeniusNorm()).toThrow("frobeniusNorm of this base weight");
  expect(() => base.timesInputs(matrix([[1], [2]]))).toThrow("timesInputs of this base weight");
  expect(() => base.timesOutputs(product)).toThrow("timesOutputs of this base weight");
});
