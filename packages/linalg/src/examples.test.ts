import { expect, test } from "vitest";
import { lowRankLayer } from "../examples/low-rank.ts";
import { expectWithin } from "./checks.test-helper.ts";

test("a layer of rank 2 gives the same from 40 numbers as from 100", () => {
  const { rank, numbers, full, factored } = lowRankLayer(1);
  expect(rank).toBe(2);
  expect(numbers).toEqual({ full: 100, factored: 40 });
  expectWithin(factored.data, full.data, 1000 * Number.EPSILON); // entries below 10, sums of ten
});
