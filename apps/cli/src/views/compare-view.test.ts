import type { ComparedModule, ComparedPair, CompareReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { compareView } from "./compare-view.ts";
import { cosineText } from "./cosine-text.ts";
import { plainTerminal } from "./reports.test-helper.ts";

const file = (name: string, rank: number): CompareReport["files"][number] => ({
  name,
  format: "safetensors",
  bytes: 1000 * rank,
  tensors: 6,
  dialect: "kohya",
  baseArchitecture: "sdxl",
  rank: { modules: 3, min: rank, max: rank, total: 3 * rank },
  frobenius: 12.5,
  fingerprint: "f1:20cce94d9d9e79e3:3.75",
});

const module = (name: string, distance: number): ComparedModule => ({
  name,
  other: name,
  component: "unet",
  path: name,
  rankA: 16,
  rankB: 8,
  normA: 1,
  normB: 0.5,
  cosine: 0.9,
  relativeDistance: distance,
  normRatio: 0.5,
  outputOverlap: 0.75,
  inputOverlap: 1,
  outputAngles: [0, Math.PI / 6],
  inputAngles: [0, 0],
});

const PAIR: ComparedPair = {
  a: 0,
  b: 1,
  cosine: 0.9,
  sharedCosine: 0.95,
  relativeDistance: 0.4,
  normRatio: 0.5,
  outputOverlap: 0.75,
  inputOverlap: 1,
  sameWithin: null,
  modules: [module("lora_unet_a", 0.1), module("lora_unet_b", 0.4)],
  onlyInA: ["lora_unet_c"],
  onlyInB: [],
};

const REPORT: CompareReport = {
  job: "compare",
  files: [file("style.safetensors", 16), file("small.safetensors", 8)],
  pairs: [PAIR],
  warnings: ["style.safetensors: odd"],
};

test("two files: how alike they are together, and the modules that are least alike first", () => {
  expect(compareView(REPORT, plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "How alike are the updates of 2 adapters?

    Adapters
         adapter               size  modules  rank  ‖ΔW‖  dialect  fingerprint
      A  style.safetensors  16.0 kB        3    16  12.5  kohya    f1:20cce94d9d9e79e3:3.75
      B  small.safetensors  8.00 kB        3     8  12.5  kohya    f1:20cce94d9d9e79e3:3.75

    All updates together
      modules         2 in both, 1 only in A, 0 only in B
      cosine          0.9000; 0.9500 over the modules in both
      distance        40.0% of the larger
      size            B is 0.500 times A
      shared outputs  75.0% of the directions that the smaller rank writes to, on average
      shared inputs   100% of the directions that the smaller rank reads, on average

    Modules that are least alike
      module       rank A  rank B  cosine  distance    B/A  shared outputs  shared inputs  largest angle
      lora_unet_b      16       8  0.9000     40.0%  0.500           75.0%           100%       30.0 deg
      lora_unet_a      16       8  0.9000     10.0%  0.500           75.0%           100%       30.0 deg

    Only in style.safetensors
      lora_unet_c

    Warning
      ! style.safetensors: odd

    cosine 0.9000, distance 40.0% of the larger"
  `);
});

test("modules that are asked for are all shown", () => {
  const text = compareView(REPORT, plainTerminal, { modules: "*_a" }).join("\n");
  expect(text).toContain("lora_unet_a");
  expect(text).not.toContain("lora_unet_b");
});

test("files that are the same but for rounding are called so", () => {
  const same = { ...REPORT, pairs: [{ ...PAIR, sameWithin: "f16" as const }] };
  expect(compareView(same, plainTerminal).at(-1)).toBe("the same update within the rounding of f16");
  const apart = { ...REPORT, pairs: [{ ...PAIR, modules: [] }] };
  expect(compareView(apart, plainTerminal).at(-1)).toBe("nothing in common to compare");
});

test("three files: a matrix of cosines, and every pair", () => {
  const report = {
    ...REPORT,
    files: [...REPORT.files, file("other.safetensors", 4)],
    pairs: [PAIR, { ...PAIR, b: 2, cosine: -0.1 }, { ...PAIR, a: 1, b: 2, cosine: null }],
    warnings: [],
  };
  expect(compareView(report, plainTerminal).slice(7).join("\n")).toMatchInlineSnapshot(`
    "
    Cosines
               A       B        C
      A        1  0.9000  -0.1000
      B   0.9000       1        -
      C  -0.1000       -        1

    Pairs
      pair  modules in both   cosine  distance   size  shared outputs  shared inputs
      A B                 2   0.9000     40.0%  0.500           75.0%           100%
      A C                 2  -0.1000     40.0%  0.500           75.0%           100%
      B C                 2        -     40.0%  0.500           75.0%           100%

    most alike: style.safetensors and small.safetensors, cosine 0.9000"
  `);
});

test.each([
  [1, "1"],
  [0.99999, ">0.9999"],
  [0.12345, "0.1235"],
  [-0.000001, "0.0000"],
  [-0.99999, "<-0.9999"],
  [null, "-"],
])("the cosine %f reads %s", (cosine, text) => {
  expect(cosineText(cosine)).toBe(text);
});
