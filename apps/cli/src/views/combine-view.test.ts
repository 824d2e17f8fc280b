import type { CombineReport } from "@lora/jobs";
import { expect, test } from "vitest";
import { combineView } from "./combine-view.ts";
import { plainTerminal } from "./reports.test-helper.ts";

const input = (name: string, weight: number, rank: number): CombineReport["inputs"][number] => ({
  name,
  format: "safetensors",
  bytes: 1000 * rank,
  tensors: 6,
  weight,
  dialect: "kohya",
  rank: { modules: 3, min: rank, max: rank, total: 3 * rank },
  response: 1 + weight / 10,
});

const REPORT: CombineReport = {
  job: "combine",
  inputs: [input("style.safetensors", 0.7, 16), input("detail.safetensors", -0.3, 8)],
  method: { id: "svd", title: "Weighted sum, truncated to the largest rank of the adapters", compat: null },
  interference: [{ a: 0, b: 1, modules: 2, cosine: -0.25, outputOverlap: 0.5, inputOverlap: null }],
  output: {
    path: "both.safetensors",
    bytes: 20_000,
    dialect: "kohya",
    rank: { modules: 2, min: 8, max: 16, total: 24 },
    dtype: "f16",
  },
  relativeErrorFrobenius: 0.12,
  distanceFromSum: 0.12,
  modules: [
    {
      name: "lora_unet_a",
      ranks: [16, 8],
      rankAfter: 16,
      cosines: [{ a: 0, b: 1, cosine: -0.3 }],
      predictedLoss: 0.15,
      relativeErrorFrobenius: 0.15,
      distanceFromSum: 0.15,
    },
    {
      name: "lora_unet_b",
      ranks: [0, 8],
      rankAfter: 8,
      cosines: [],
      predictedLoss: 0,
      relativeErrorFrobenius: 0.001,
      distanceFromSum: 0.001,
    },
  ],
  dropped: [{ name: "lora_unet_c", reason: "its update is zero" }],
  passedThrough: [],
  leftOut: [
    {
      name: "bundle_emb.x",
      dtype: "f32",
      shape: [2, 64],
      bytes: 512,
      why: "embedding bundled with the adapter",
      file: "detail.safetensors",
    },
  ],
  warnings: [],
};

test("a combination: what goes in, how it gets on, and what came of it", () => {
  expect(combineView(REPORT, plainTerminal).join("\n")).toMatchInlineSnapshot(`
    "Combined: 2 adapters by svd
      method        Weighted sum, truncated to the largest rank of the adapters
      dialect       kohya
      modules       2
      rank          8-16 (mean 12.0)
      predicted     at the rank of one adapter the sum loses 15.0% of a module, at worst 15.0%
      error         12.0% of what the method makes, truncation and rounding
      from the sum  12.0% of the weighted sum of the updates
      stored as     f16
      output        both.safetensors

    Adapters
         adapter             weight  rank  modules  dialect  left of it
      A  style.safetensors      0.7    16        3  kohya          107%
      B  detail.safetensors    -0.3     8        3  kohya         97.0%

    Interference
      pair  modules in both  cosine  shared outputs  shared inputs
      A B                 2  -0.250           50.0%              -

    Largest errors
      module              rank   error  from the sum
      lora_unet_a  16 + 8 → 16   15.0%         15.0%
      lora_unet_b    0 + 8 → 8  0.100%        0.100%

    Dropped
      lora_unet_c: its update is zero

    Not in the result
      tensor        dtype  shape     size  why
      bundle_emb.x  f32    [2, 64]  512 B  embedding bundled with the adapter

    wrote both.safetensors: 20.0 kB, error 12.0%, 1 module dropped"
  `);
});

test("a dry run says that nothing is written", () => {
  const lines = combineView(REPORT, plainTerminal, { dryRun: true });
  expect(lines[0]).toBe("Plan, nothing is written: 2 adapters by svd");
  expect(lines.at(-1)).toBe("would write both.safetensors: 20.0 kB, error 12.0%, 1 module dropped");
});
