import { expect, test } from "vitest";
import { factBlock } from "./fact-block.ts";
import { median, rangeText, sharedText, tally } from "./statistics.ts";

test.each([
  [[], null],
  [[3], 3],
  [[3, 1], 2],
  [[9, 1, 2], 2],
])("the median of %j is %s", (values, middle) => {
  expect(median(values)).toBe(middle);
});

test("a range of one value is that value", () => {
  expect([rangeText([]), rangeText([8, 8]), rangeText([8, 4, 64])]).toEqual(["-", "8", "4-64"]);
});

test("what all share is said once", () => {
  expect([sharedText([]), sharedText(["f16", "f16"]), sharedText(["f16", "f32"])]).toEqual([
    "-",
    "f16",
    "mixed",
  ]);
});

test("a tally begins with what occurs most often", () => {
  expect(tally(["conv", "linear", "linear"])).toBe("2 linear, 1 conv");
});

test("facts align, wrap under their beginning, and leave out what is not known", () => {
  const terminal = { columns: 40, unicode: true, style: (_: string, text: string): string => text };
  const facts = factBlock(
    [
      ["base", "llama"],
      ["nothing", undefined],
      ["because", "all tensors end in lora_A.weight"],
    ],
    terminal,
  );
  expect(facts).toEqual(["  base     llama", "  because  all tensors end in", "           lora_A.weight"]);
});
