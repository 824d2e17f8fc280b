import type { LoraErrorCode } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { alora } from "./alora.ts";
import { arrow } from "./arrow.ts";
import { bdLora, blockDiagonalFactor } from "./bdlora.ts";
import { dora } from "./dora.ts";
import { ExpertsLayer } from "./experts.ts";
import { HfConv1dLayer } from "./hf-conv1d.ts";
import { kasa, kasaBase } from "./kasa.ts";
import { conv, factors, linear, ones, stored, x } from "./made-layers.test-helper.ts";

const cases: readonly (readonly [LoraErrorCode, string, () => unknown])[] = [
  [
    "UNSUPPORTED",
    "dora does not exist for layers of kind experts",
    async () => {
      new ExpertsLayer({ weight: stored(2, 2, 3) }).addAdapter("a", {
        tensors: factors(),
        alpha: 1,
        variant: dora,
      });
    },
  ],
  [
    "UNSUPPORTED",
    "alora does not exist for layers of kind convolution",
    () => conv({}).addAdapter("a", { tensors: factors(), alpha: 1, variant: alora }),
  ],
  [
    "UNSUPPORTED",
    "kasa does not exist for layers of kind hf-conv1d",
    () =>
      new HfConv1dLayer({ weight: stored(3, 2) }).addAdapter("a", {
        tensors: factors(),
        alpha: 1,
        variant: kasa,
      }),
  ],
  ["MISSING", "dora needs the tensor `magnitude`", () => linear({ variant: dora })],
  [
    "SHAPE",
    "magnitude is 3; this layer takes 2",
    () => linear({ variant: dora, tensors: factors(2, { magnitude: ones(3) }) }),
  ],
  [
    "NUMERIC",
    "with adapter a output 0 has the norm 0, which no magnitude fits",
    async () => {
      const layer = await linear({ variant: dora, tensors: factors(1, { magnitude: ones(2) }), alpha: -1 });
      layer.forward(x);
    },
  ],
  [
    "UNSUPPORTED",
    "adapter a cannot be merged: aLoRA acts on the end of a sequence only",
    async () => (await linear({ variant: alora })).merge(),
  ],
  [
    "UNSUPPORTED",
    "adapter a cannot be merged: a router chooses anew for each token",
    async () => (await linear({ variant: arrow({ experts: ["a"] }) })).merge(),
  ],
  [
    "USAGE",
    "topK must be a whole number, at least 1, it is 0",
    async () => arrow({ experts: ["a"], topK: 0 }),
  ],
  ["USAGE", "temperature must be above 0, it is 0", async () => arrow({ experts: ["a"], temperature: 0 })],
  [
    "MISSING",
    "the router's adapter b is not in this layer",
    async () => (await linear({ variant: arrow({ experts: ["b"] }) })).forward(x),
  ],
  [
    "SHAPE",
    "adapters behind one router take equal factors, not 2 × 2 and 2 × 1",
    async () => {
      const layer = await linear({ variant: arrow({ experts: ["a"], general: ["b"] }) });
      layer.addAdapter("b", { tensors: factors(1), alpha: 1 });
      layer.forward(x);
    },
  ],
  [
    "USAGE",
    "KaSA takes a rank below 2, the smaller side of the weight, not 2",
    () => kasaBase({ rows: 2, cols: 3, data: ones(2, 3).data }, 2),
  ],
  ["MISSING", "kasa needs the tensor `diagonal`", () => linear({ variant: kasa })],
  [
    "SHAPE",
    "a factor of 2 × 3 does not divide into 2 blocks",
    () => linear({ variant: bdLora({ factor: "down", blocks: 2 }) }),
  ],
  [
    "USAGE",
    "q fits the block-diagonal patterns of both A and B",
    () => blockDiagonalFactor("q", { down: ["q"], up: ["q"] }, true),
  ],
  [
    "USAGE",
    "q fits the block-diagonal patterns of neither A nor B",
    () => blockDiagonalFactor("q", { down: [], up: [] }, true),
  ],
];

test.each(cases)("%s: %s", async (code, message, work) => {
  const error = await failure(work);
  expect([error.code, error.message]).toEqual([code, message]);
});
