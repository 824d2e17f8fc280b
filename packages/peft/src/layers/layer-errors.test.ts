import type { LoraErrorCode } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { denseTensor } from "./dense-tensor.ts";
import type { TypedTensor } from "./dense-tensor.ts";
import { EmbeddingLayer } from "./embedding.ts";
import { ExpertsLayer } from "./experts.ts";
import { LinearLayer } from "./linear.ts";
import type { LoraLayer } from "./lora-layer.ts";
import { MultiheadAttentionLayer } from "./multihead-attention.ts";
import { conv, factors, linear, ones, stored, x } from "./made-layers.test-helper.ts";

async function loaded<Layer extends LoraLayer>(layer: Layer): Promise<Layer> {
  await layer.load();
  return layer;
}

const NAN = { ...ones(2, 2), data: Float64Array.of(1, Number.NaN, 1, 1) };
const image = (size: number, channels = 2): TypedTensor => ones(1, channels, size, size);

const cases: readonly (readonly [LoraErrorCode, string, () => unknown])[] = [
  ["USAGE", "the rank must be a whole number above 0, not 0", () => linear({ rank: 0 })],
  ["USAGE", "alpha must be a number, not NaN", () => linear({ alpha: Number.NaN })],
  [
    "SHAPE",
    "lora_B is 2 × 3; this layer takes 2 × 2",
    () => linear({ tensors: factors(2, { up: ones(2, 3) }) }),
  ],
  [
    "NUMERIC",
    "merging adapter a makes value 0 of the weight NaN",
    async () => (await linear({ tensors: factors(2, { up: NAN }) })).merge({ safe: true }),
  ],
  [
    "NUMERIC",
    "merging adapter a makes value 3 of the weight Infinity",
    async () => {
      const up = { ...ones(2, 1), data: Float64Array.of(1, Infinity) };
      (await linear({ tensors: factors(1, { up }) })).merge({ safe: true });
    },
  ],
  [
    "NUMERIC",
    "merging adapter a makes the bias NaN or infinite",
    async () => {
      const bias = { ...ones(2), data: Float64Array.of(1, Infinity) };
      (await linear({ tensors: factors(2, { bias }) }, true)).merge({ safe: true });
    },
  ],
  [
    "UNSUPPORTED",
    "adapter a has a bias, and this layer has none to merge it into",
    async () => (await linear({ tensors: factors(2, { bias: ones(2) }) })).merge(),
  ],
  ["MISSING", "this layer has no adapter b", async () => (await linear()).deltaWeight("b")],
  [
    "USAGE",
    "adapter a cannot be deleted while it is merged",
    async () => {
      const layer = await linear();
      layer.merge();
      layer.deleteAdapter("a");
    },
  ],
  [
    "USAGE",
    "a batch cannot choose its adapters while some are merged",
    async () => {
      const layer = await linear();
      layer.merge();
      layer.forward(x, { adapterNames: ["a"] });
    },
  ],
  [
    "SHAPE",
    "a batch of 1 takes 1 adapter names, not 2",
    async () => (await linear()).forward(x, { adapterNames: ["a", "a"] }),
  ],
  ["SHAPE", "the input ends in 4; the layer takes 3", async () => (await linear()).forward(ones(1, 4))],
  ["USAGE", "a scale factor must be a number, not NaN", async () => (await linear()).scaleBy(Number.NaN)],
  ["USAGE", "a scale cannot be divided by 0", async () => (await linear()).unscale(0)],
  [
    "MISSING",
    "the values of this weight have not been read",
    () => new LinearLayer({ weight: stored(2, 3) }).forward(x),
  ],
  [
    "USAGE",
    "token 1 is 3; the embedding has rows 0 to 2",
    async () =>
      (await loaded(new EmbeddingLayer({ weight: stored(3, 2) }))).forward(denseTensor([2], [0, 3])),
  ],
  [
    "SHAPE",
    "a rank of 3 does not divide into the 2 groups of the convolution",
    () => conv({ groups: 2 }).factorShapes(3),
  ],
  ["SHAPE", "4 outputs do not divide into 3 groups", () => conv({ groups: 3 })],
  ["SHAPE", "stride has 3 values for a kernel of 2 axes", () => conv({ stride: [1, 1, 1] })],
  ["USAGE", "padding `same` takes a stride of 1", () => conv({ padding: "same", stride: 2 })],
  [
    "SHAPE",
    "a kernel of 3 does not fit into an axis of 2",
    async () => (await loaded(conv({}))).forward(image(2)),
  ],
  [
    "SHAPE",
    "reflect padding of 4 needs more than an axis of 4",
    async () => (await loaded(conv({ padding: 4, paddingMode: "reflect" }))).forward(image(4)),
  ],
  [
    "SHAPE",
    "the input is 1 × 3 × 4 × 4; the layer takes batch × 2 × …",
    async () => (await loaded(conv({}))).forward(image(4, 3)),
  ],
  [
    "UNSUPPORTED",
    "adapter a cannot be merged: its update mixes all channels, which a weight of 2 groups cannot hold",
    () => {
      const layer = conv({ groups: 2 });
      layer.addAdapter("a", { tensors: { down: ones(2, 4, 3, 3), up: ones(4, 1, 1, 1) }, alpha: 1 });
      layer.merge({ adapters: ["a"] });
    },
  ],
  [
    "UNSUPPORTED",
    "in_proj is 4 × 2; adapters take 3·width × width",
    () => new MultiheadAttentionLayer({ weight: stored(4, 2) }, { weight: stored(2, 2) }, { heads: 1 }),
  ],
  [
    "SHAPE",
    "a width of 2 does not divide into 3 heads",
    () => new MultiheadAttentionLayer({ weight: stored(6, 2) }, { weight: stored(2, 2) }, { heads: 3 }),
  ],
  [
    "SHAPE",
    "keys are 1 × 2 × 2, values 1 × 3 × 2",
    () =>
      new MultiheadAttentionLayer({ weight: stored(6, 2) }, { weight: stored(2, 2) }, { heads: 1 }).forward(
        ones(1, 2, 2),
        { key: ones(1, 2, 2), value: ones(1, 3, 2) },
      ),
  ],
  [
    "SHAPE",
    "a parameter of experts has three axes, not 2 × 3",
    () => new ExpertsLayer({ weight: stored(2, 3) }),
  ],
  [
    "UNSUPPORTED",
    "adapter a has 2 updates here, one for each expert",
    () => new ExpertsLayer({ weight: stored(2, 2, 3) }).delta("a"),
  ],
  [
    "MISSING",
    "these experts have no adapter a",
    () => new ExpertsLayer({ weight: stored(2, 2, 3) }).expertDelta("a", 0),
  ],
  [
    "SHAPE",
    "the input is 1 × 3; the experts take 2 × tokens × 3",
    async () => {
      const layer = await loaded(new ExpertsLayer({ weight: stored(2, 2, 3) }));
      layer.forward(x);
    },
  ],
  [
    "UNSUPPORTED",
    "experts take no mixed batch: a token's sample is not known here",
    async () => {
      const layer = await loaded(new ExpertsLayer({ weight: stored(2, 2, 3) }));
      layer.forward(ones(2, 1, 3), { adapterNames: ["a", "a"] });
    },
  ],
  ["SHAPE", "a tensor of 2 holds 2 values, not 1", () => denseTensor([2], [1])],
];

test.each(cases)("%s: %s", async (code, message, work) => {
  const error = await failure(work);
  expect([error.code, error.message]).toEqual([code, message]);
});
