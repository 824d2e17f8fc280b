import { describe, expect, test } from "vitest";
import {
  adapter,
  joined,
  model,
  partsOf,
  peftAdapter,
  type SplitCase,
  whole,
} from "../shard/splits.test-helper.ts";

const peft = { "adapter 1": peftAdapter(1), "adapter 2": peftAdapter(40) };
const models = { base: model("base", 0), tuned: model("tuned", 1) };
const targets = { r: 2, lora_alpha: 4, target_modules: ["q_proj", "k_proj"] };

const CASES: Readonly<Record<string, SplitCase>> = {
  "resize, a rule for each module": {
    job: { job: "resize", options: { energy: 0.8 } },
    files: { adapter: adapter() },
  },
  "resize, a rule for all modules together": {
    job: { job: "resize", options: { recipe: "spn_lora=1,thr=-0.4:spn_lora=1,size=0.003", dtype: "bf16" } },
    files: { adapter: adapter() },
  },
  "resize, norms of a base": {
    job: { job: "resize", options: { recipe: "spn_ckpt=1,fro_ckpt=1,thr=-1.5", seed: 3 } },
    files: { adapter: peftAdapter(1), base: model("base", 0) },
  },
  "combine, the exact sum": {
    job: { job: "combine", options: { method: "linear", weights: [0.7, -0.3] } },
    files: peft,
  },
  "combine, truncated": {
    job: { job: "combine", options: { method: "svd", error: 0.2, weights: [0.7, 0.5] } },
    files: peft,
  },
  "combine, by chance": {
    job: {
      job: "combine",
      options: { method: "dare_ties", density: 0.5, rank: 2, seed: 5, weights: [1, 1] },
    },
    files: peft,
  },
  "merge into one file": {
    job: { job: "merge", options: { weights: [0.7, 0.4] } },
    files: { base: model("base", 0), ...peft },
  },
  "merge into a model of six files": {
    job: { job: "merge", options: { weights: [1], safe: true } },
    files: { base: model("base", 0, 6), "adapter 1": peft["adapter 1"] },
  },
  extract: { job: { job: "extract", options: { error: 0.3, keepRest: true } }, files: models },
  init: {
    job: { job: "init", options: { method: "default", config: targets } },
    files: { base: models.base },
  },
  "init, with a changed base": {
    job: { job: "init", options: { method: "pissa", config: targets, dtype: "bf16" } },
    files: { base: models.base },
  },
  analyse: { job: { job: "analyse", options: {} }, files: { adapter: adapter() } },
  "analyse against a base": {
    job: { job: "analyse", options: { seed: 2 } },
    files: { adapter: peftAdapter(1), base: models.base },
  },
  verify: {
    job: { job: "verify", options: { tolerance: 0.1 } },
    files: { a: peftAdapter(1), b: peftAdapter(40) },
  },
};

describe.each(Object.entries(CASES))("%s", (_, splitCase) => {
  // More shares than modules, too: some are empty.
  test.each([4, 9])("of %i parts is what one process writes and reports", async (count) => {
    const expected = await whole(splitCase);
    expect(expected.length).toBeGreaterThan(0);
    expect(await joined(splitCase, count)).toEqual(expected);
  });
});

test("each run of a module's own rule reads and writes its share only", async () => {
  const [parts] = await partsOf(CASES["resize, a rule for each module"]!, 4);
  const names = parts!.flatMap(({ file }) => [...file!.tensors.keys()]);
  expect(new Set(names).size).toBe(names.length);
  const modules = parts!.map(({ record }) => record.findings["spectrum"]!.length);
  expect(modules.reduce((sum, count) => sum + count, 0)).toBe(7);
  expect(Math.max(...modules)).toBeLessThan(4);
});
