import type { PlannedModule } from "@lora/peft";
import { expect, test } from "vitest";
import { type ConvertedOne, MadeFactors } from "./made-factors.ts";

/** Of rank 1 or 2, a byte a value. */
function one(module: string, rank: number): ConvertedOne {
  return {
    planned: { module } as PlannedModule,
    up: new Uint8Array(3 * rank).fill(rank),
    down: new Uint8Array(2 * rank).fill(rank),
    rank,
    dtype: "u8",
    magnitudes: undefined,
    scale: 1,
    exactRank: rank,
    sharesDown: false,
    folded: 1,
    exponent: 0,
    leftOut: 0,
  };
}

const MODULES = [one("a", 1), one("b", 2), one("c", 1)];

async function pulled(mostBytes: number, isPadded: boolean): Promise<[again: string[], bytes: number[][]]> {
  const again: string[] = [];
  const made = new MadeFactors(mostBytes);
  const kept = MODULES.map((module) => made.kept(module));
  const written = made.written(kept, {
    isPadded,
    lanes: 0,
    again: async ({ module }) => {
      again.push(module);
      return MODULES.find(({ planned }) => planned.module === module)!;
    },
  });
  const bytes: number[][] = [];
  for (const { factors } of written) {
    bytes.push([...(await factors()).down]);
    expect((await factors()).up.length).toBeGreaterThan(0);
  }
  return [again, bytes];
}

test("what fits is held; what does not is made again, once, and is the same", async () => {
  expect(await pulled(20, false)).toEqual([
    [],
    [
      [1, 1],
      [2, 2, 2, 2],
      [1, 1],
    ],
  ]);
  expect(await pulled(10, false)).toEqual([
    ["b"],
    [
      [1, 1],
      [2, 2, 2, 2],
      [1, 1],
    ],
  ]);
  expect(await pulled(0, false)).toEqual([
    ["a", "b", "c"],
    [
      [1, 1],
      [2, 2, 2, 2],
      [1, 1],
    ],
  ]);
});

test("padding is to the largest rank of all, whether held or made again", async () => {
  const padded = [
    [1, 1, 0, 0],
    [2, 2, 2, 2],
    [1, 1, 0, 0],
  ];
  expect(await pulled(20, true)).toEqual([[], padded]);
  expect(await pulled(0, true)).toEqual([["a", "b", "c"], padded]);
});
