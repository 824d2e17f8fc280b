import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { eachInOrder } from "./each-in-order.ts";

/** Waits so many milliseconds and gives them back; negative ones fail after theirs. */
async function wait(milliseconds: number): Promise<number> {
  await setTimeout(Math.abs(milliseconds));
  if (milliseconds < 0) throw new Error(`failed after ${-milliseconds}`);
  return milliseconds;
}

test.each([1, 2, 9])("results come in the order of the items, with %i lanes", async (lanes) => {
  expect(await eachInOrder([30, 1, 20, 2], lanes, wait)).toEqual([30, 1, 20, 2]);
});

test.each([1, 2, 9])("the failure is that of the first item that fails, with %i lanes", async (lanes) => {
  await expect(eachInOrder([1, -40, -2, 1, -1], lanes, wait)).rejects.toThrow("failed after 40");
});

test("after a failure nothing more begins", async () => {
  const begun: number[] = [];
  const work = (item: number): Promise<number> => (begun.push(item), wait(item));
  await expect(eachInOrder([1, -2, 60, 5, 6, 7], 3, work)).rejects.toThrow("failed after 2");
  expect(begun).toEqual([1, -2, 60, 5]);
});
