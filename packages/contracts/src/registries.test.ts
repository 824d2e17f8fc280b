import { formats } from "@lora/io";
import { referenceBackend } from "@lora/linalg";
import { metrics } from "@lora/metrics";
import { combineMethods, rankRules } from "@lora/peft";
import { codecs } from "@lora/tensor";
import { expect, test } from "vitest";
import { testBackend, testCodec, testCombineMethod, testFormat, testMetric, testRankRule } from "./index.ts";

codecs.forEach(testCodec);
formats.filter((format) => format.write !== undefined).forEach(testFormat);
metrics.forEach(testMetric);
combineMethods.forEach(testCombineMethod);
testBackend("linalg's reference", async () => referenceBackend(), "f64");
testBackend("linalg's reference", async () => referenceBackend(), "f32");

const RULE_OPTIONS: Readonly<Record<string, Parameters<typeof testRankRule>[1]>> = {
  energy: { share: 0.9 },
  error: { most: 0.1 },
  fixed: { rank: 3 },
  knee: {},
  recipe: { recipe: "spn_ckpt=0.5,subspace=0.5,thr=-1" },
  "sv-cumulative": { share: 0.8 },
  "sv-fro": { share: 0.9 },
  "sv-ratio": { ratio: 4 },
};
for (const rule of rankRules) testRankRule(rule, RULE_OPTIONS[rule.id]);

test("every rank rule has options to be tested with", () => {
  expect(rankRules.map(({ id }) => id).sort()).toEqual(Object.keys(RULE_OPTIONS).sort());
});
