import { type Float64Matrix, multiply } from "@lora/linalg";
import { describe, expect, test } from "vitest";
import type { WeightedUpdate } from "../combine/index.ts";
import { failure } from "../files.test-helper.ts";
import { clamped } from "./clamped.ts";
import { PEFT_COMBINATIONS, type PeftCombinationName } from "./combinations.ts";
import { combineAsPeft } from "./combine-as-peft.ts";
import golden from "./combine.golden.json" with { type: "json" };

type Case = (typeof golden)[number];

// Made by tooling/goldens/combine.py with PEFT 0.21. Values are f32 of 7 digits.
const TOLERANCE = 1e-4;

const noDraws = (): never => {
  throw new Error("nothing is left to chance here");
};

function matrixOf(values: readonly number[], rows: number): Float64Matrix {
  return { rows, cols: values.length / rows, data: Float64Array.from(values) };
}

function partsOf({ ranks, weights, scales, up, down }: Case): WeightedUpdate[] {
  return ranks.map((rank, i) => {
    const out = up[i]!.length / rank;
    const update = { up: matrixOf(up[i]!, out), down: matrixOf(down[i]!, rank), scale: scales[i]! };
    return { update, weight: weights[i]! };
  });
}

/** The masks as they were drawn, in their order. */
function replay(masks: readonly string[]): (count: number) => number[] {
  let next = 0;
  return (count) => {
    const mask = Array.from(masks[next++]!, Number);
    expect(mask).toHaveLength(count);
    return mask;
  };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  const values = Array.from(expected);
  const largest = Math.max(...values.map(Math.abs));
  expect(actual).toHaveLength(values.length);
  values.forEach((value, i) => expect(Math.abs(actual[i]! - value)).toBeLessThan(TOLERANCE * largest));
}

describe("PEFT's numbers", () => {
  const named = golden.map((one) => [one.combination, one.kind, one.sign, one] as const);

  test.each(named)("%s of %s layers, sign %s", (name, _kind, sign, one) => {
    const { up, down } = combineAsPeft(name as PeftCombinationName, partsOf(one), {
      density: one.density ?? undefined,
      sign: (sign ?? undefined) as "total" | "frequency" | undefined,
      svdRank: one.svdRank ?? undefined,
      svdClamp: one.svdClamp ?? undefined,
      draw: replay(one.masks),
    });
    const { rank, ...result } = one.result;
    const [expectedUp, expectedDown] = [matrixOf(result.up, up.rows), matrixOf(result.down, rank)];
    expect(down.rows).toBe(rank);
    expect(result.scale).toBe(1);
    // Singular vectors have a sign of their own, and which entries are clamped depends on it.
    if (!PEFT_COMBINATIONS[name as PeftCombinationName].onUpdates) {
      expectClose(up.data, expectedUp.data);
      expectClose(down.data, expectedDown.data);
    } else if (one.unclamped === null) {
      expectClose(multiply(up, down).data, multiply(expectedUp, expectedDown).data);
    } else {
      const plain = { up: matrixOf(one.unclamped.up, up.rows), down: matrixOf(one.unclamped.down, rank) };
      const within = clamped(plain, one.svdClamp);
      expectClose(within.up.data, expectedUp.data);
      expectClose(within.down.data, expectedDown.data);
    }
  });
});

test("entries beyond the quantile of both factors together are clamped, those below its opposite too", () => {
  const update = { up: matrixOf([1, 0], 2), down: matrixOf([0, 3, 4], 1), scale: 1 };
  const { up, down } = combineAsPeft("svd", [{ update, weight: 1 }], { svdClamp: 0.5, draw: noDraws });
  // U·S = ±[5, 0], Vᵀ = ±[0, 0.6, 0.8]: the median of all five entries is 0.6 or, negative, 0.
  expect([0, 0.6]).toContainEqual(expect.closeTo(Math.max(...up.data, ...down.data), 12));
});

const ones = (out: number, rank: number, inner: number): WeightedUpdate => ({
  update: {
    up: matrixOf(new Array<number>(out * rank).fill(1), out),
    down: matrixOf(new Array<number>(rank * inner).fill(1), rank),
    scale: 1,
  },
  weight: 1,
});

test("of equal entries the first stay, exactly as many as the density says", () => {
  const { down } = combineAsPeft("magnitude_prune", [ones(2, 1, 5), ones(2, 1, 5)], {
    density: 0.5,
    draw: noDraws,
  });
  expect([...down.data]).toEqual([2, 2, 0, 0, 0]);
});

describe("what is refused", () => {
  test.each([
    [
      "a type that prunes without a density",
      "ties",
      {},
      "ties needs a density of at least 0, and has none",
      "USAGE",
    ],
    [
      "other ranks in a type that merges factors",
      "linear",
      {},
      "PEFT's linear needs adapters of one rank, and these have 2, 1",
      "SHAPE",
    ],
    [
      "more pairs than there are",
      "svd",
      { svdRank: 4 },
      "a rank of 4 is more than the 3 singular values of a module",
      "SHAPE",
    ],
  ] as const)("%s", async (_, name, options, message, code) => {
    const parts = [ones(3, 2, 5), ones(3, 1, 5)];
    const error = await failure(() => combineAsPeft(name, parts, { ...options, draw: noDraws }));
    expect([error.code, error.message]).toEqual([code, message]);
  });
});
