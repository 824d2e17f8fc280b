import { formats } from "@lora/io";
import { referenceBackend, wasmEngine } from "@lora/linalg";
import { metrics } from "@lora/metrics";
import { initialisers, rankRules } from "@lora/peft";
import { codecs } from "@lora/tensor";
import { expect, test } from "vitest";
import { testBackend, testCodec, testFormat, testInitialiser, testMetric, testRankRule } from "./index.ts";

codecs.forEach(testCodec);
formats.filter((format) => format.write !== undefined).forEach(testFormat);
metrics.forEach(testMetric);
testBackend("linalg's reference", async () => referenceBackend(), "f64");
testBackend("linalg's reference", async () => referenceBackend(), "f32");
const engine = wasmEngine({ kernel: "simd-4x8" });
testBackend("linalg's WASM kernels", async () => referenceBackend({ engine }), "f64");
testBackend("linalg's WASM kernels", async () => referenceBackend({ engine }), "f32");

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

for (const initialiser of initialisers) testInitialiser(initialiser, {});
testInitialiser(
  initialisers.find(({ id }) => id === "corda")!,
  { method: "kpm" },
);
testInitialiser(
  initialisers.find(({ id }) => id === "loftq")!,
  { bits: 8, iterations: 2 },
);
testInitialiser(
  initialisers.find(({ id }) => id === "lora_ga")!,
  { direction: "random", scale: "weight_svd" },
);

test("every rank rule has options to be tested with", () => {
  expect(rankRules.map(({ id }) => id).sort()).toEqual(Object.keys(RULE_OPTIONS).sort());
});
