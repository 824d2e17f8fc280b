import type { LazyTensor, LoraErrorCode } from "@lora/tensor";
import { LoraError, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import type { LoraConfig } from "../config/lora-config.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import { denseTensor, typedTensor } from "../layers/dense-tensor.ts";
import type { TypedTensor } from "../layers/dense-tensor.ts";
import type { InitialAdapter, Initialise } from "./adapter-place.ts";
import { LoraModel } from "./lora-model.ts";

const size = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1);
const ones = (...shape: number[]): TypedTensor =>
  typedTensor(denseTensor(shape, new Float64Array(size(shape)).fill(1)));
const stored = (...shape: number[]): LazyTensor => tensorOfValues(ones(...shape).data, "f64", shape);
const config = (more: LoraConfigOptions = {}): LoraConfig =>
  loraConfig({ r: 2, target_modules: ["q"], ...more });
const start: Initialise = ({ shapes, rank }): InitialAdapter => ({
  down: ones(...shapes.down),
  up: ones(...shapes.up),
  diagonal: ones(rank),
});
const factors = (rank: number, module = "q"): Map<string, LazyTensor> =>
  new Map([
    [`base_model.model.${module}.lora_A.weight`, stored(rank, 3)],
    [`base_model.model.${module}.lora_B.weight`, stored(2, rank)],
  ]);

/** Layers of several kinds; `a` is in the first. */
async function made(more: LoraConfigOptions = {}): Promise<LoraModel> {
  const projection = { weight: stored(6, 2) };
  const model = new LoraModel([
    ["q", { kind: "linear", weight: stored(2, 3) }],
    ["v", { kind: "linear", weight: stored(2, 3) }],
    ["words", { kind: "embedding", weight: stored(2, 3) }],
    ["conv", { kind: "convolution", weight: stored(4, 2, 3), groups: 2 }],
    [
      "mha",
      { kind: "attention", heads: 1, inProjection: projection, outProjection: { weight: stored(2, 2) } },
    ],
  ]);
  await model.addAdapter("a", config(more), start);
  return model;
}

async function merged(more: LoraConfigOptions = {}): Promise<LoraModel> {
  const model = await made(more);
  await model.merge();
  return model;
}

/** With `b` beside `a`. */
async function withOther(more: LoraConfigOptions): Promise<LoraModel> {
  const model = await made();
  await model.addAdapter("b", config(more), start);
  return model;
}

/** With adapters that keep the second layer whole. */
async function withWhole(...names: readonly string[]): Promise<LoraModel> {
  const model = await made();
  const whole = new Map([...factors(2), ["base_model.model.v.weight", stored(2, 3)]]);
  for (const name of names) await model.loadAdapter(name, config({ modules_to_save: ["v"] }), whole);
  return model;
}

/** With adapters that train these tokens of a module. */
async function withTokens(
  tokens: Readonly<Record<string, readonly number[]>>,
  rows?: number,
  module = "words",
): Promise<LoraModel> {
  const model = await made();
  for (const [name, indices] of Object.entries(tokens)) {
    const key = `base_model.model.${module}.token_adapter.trainable_tokens_delta`;
    const tensors = new Map([...factors(2), [key, stored(rows ?? indices.length, 3)]]);
    await model.loadAdapter(name, config({ trainable_token_indices: { [module]: indices } }), tensors);
  }
  return model;
}

const x = ones(1, 3);

const cases: readonly (readonly [LoraErrorCode, string, () => Promise<unknown>])[] = [
  ["USAGE", "there is an adapter a already", async () => (await made()).addAdapter("a", config(), start)],
  [
    "USAGE",
    "layers can be replicated for the first adapter only, and for others alike",
    async () => (await made()).addAdapter("b", config({ layer_replication: [[0, 1]] }), start),
  ],
  [
    "MISSING",
    "the adapter began as pissa, which changes the base weights, and there is no initialiser",
    async () => (await made()).loadAdapter("b", config({ init_lora_weights: "pissa" }), factors(2)),
  ],
  ["MISSING", "the model has no adapter b", async () => (await made()).setAdapters(["b"])],
  [
    "MISSING",
    "the model has no adapter c",
    async () => (await made()).forward("q", x, { adapterNames: ["c"] }),
  ],
  ["MISSING", "the model has no adapter d", async () => (await made()).deleteAdapter("d")],
  ["MISSING", "the model has no adapter e", async () => (await made()).merge({ adapters: ["a", "e"] })],
  ["MISSING", "the model has no adapter f", async () => (await made()).adapterTensors("f")],
  ["MISSING", "the model has no adapter g", async () => (await made()).padAdapter("g", 4)],
  ["MISSING", "the model has no adapter h", async () => (await made()).hotswap("h", config(), factors(2))],
  ["MISSING", "the model has no adapter i", async () => (await made()).setScale("i", 2)],
  [
    "MISSING",
    "the model has no adapter j, k",
    async () => (await made()).addRouter("r", { experts: ["a", "j", "k"] }),
  ],
  [
    "USAGE",
    "a router has no adapter to choose among",
    async () => (await made()).addRouter("r", { experts: [] }),
  ],
  [
    "USAGE",
    "behind one router a and b adapt the same layers, not v alone",
    async () =>
      (await withOther({ target_modules: ["q", "v"] })).addRouter("r", { experts: ["a"], general: ["b"] }),
  ],
  [
    "UNSUPPORTED",
    "arrow does not exist for layers of kind embedding",
    async () => (await made({ target_modules: ["words"] })).addRouter("r", { experts: ["a"] }),
  ],
  [
    "UNSUPPORTED",
    "words is an embedding, whose factors have no bias (lora_bias)",
    async () => made({ target_modules: ["words"], lora_bias: true }),
  ],
  [
    "USAGE",
    "b and c keep v.weight whole, and one of them can be active",
    async () => {
      const model = await withWhole("b", "c");
      await model.mergeAndUnload({ adapters: ["b", "c"] });
    },
  ],
  [
    "USAGE",
    "b and c train token 1 of words.weight, and one of them can be active",
    async () => (await withTokens({ b: [0, 1], c: [1] })).setAdapters(["b", "c"]),
  ],
  [
    "SHAPE",
    "base_model.model.words.token_adapter.trainable_tokens_delta is 2 × 3, and 1 tokens are trained",
    async () => withTokens({ b: [1] }, 2),
  ],
  [
    "MISSING",
    "the base has no mha.weight whose tokens could be replaced",
    async () => (await withTokens({ b: [1] }, 1, "mha")).mergeAndUnload({ adapters: ["b"] }),
  ],
  [
    "USAGE",
    "b keeps q beside its factors, and another adapter has factors for it",
    async () =>
      (await made()).addAdapter("b", config({ target_modules: ["v"], modules_to_save: ["q"] }), start),
  ],
  [
    "USAGE",
    "c keeps v beside its factors, and another adapter has factors for it",
    async () => (await withWhole("c")).addAdapter("d", config({ target_modules: ["v"] }), start),
  ],
  [
    "SHAPE",
    "a rank of 3 does not divide into the 2 groups of the convolution",
    async () => (await made({ target_modules: ["conv"] })).padAdapter("a", 3),
  ],
  ["USAGE", "adapter a is merged, and cannot be deleted", async () => (await merged()).deleteAdapter("a")],
  [
    "USAGE",
    "adapter a is merged, and cannot be swapped",
    async () => (await merged()).hotswap("a", config(), factors(2)),
  ],
  [
    "UNSUPPORTED",
    "mha has 2 layers, and no forward of its own",
    async () => (await made()).forward("mha", x),
  ],
  ["UNSUPPORTED", "q is no attention", async () => (await made()).attend("q", x)],
  ["MISSING", "no adapter is in a layer v", async () => (await made()).layer("v")],
  ["MISSING", "the model has no module w with weights", async () => (await made()).forward("w", x)],
  [
    "UNSUPPORTED",
    "dora does not exist for layers of kind attention",
    async () => (await made()).addAdapter("b", config({ target_modules: ["mha"], use_dora: true }), start),
  ],
  ["SHAPE", "factors of rank 2 do not fit into rank 1", async () => (await made()).padAdapter("a", 1)],
  [
    "UNSUPPORTED",
    "factors that are packed or have values for each rank cannot be padded",
    async () => {
      const model = await made({ kasa_config: {}, r: 1 });
      model.padAdapter("a", 2);
    },
  ],
  [
    "USAGE",
    "use_rslora is false in the adapter and true in the one to take its place",
    async () => (await made()).hotswap("a", config({ use_rslora: true }), factors(2)),
  ],
  [
    "MISSING",
    "adapter a has no layer for base_model.model.v.lora_A.weight, base_model.model.v.lora_B.weight",
    async () => (await made()).hotswap("a", config(), factors(2, "v")),
  ],
  [
    "SHAPE",
    "base_model.model.q.lora_A.weight is 3 × 3; a rank of 2 in this layer takes 2 × 3",
    async () => (await made()).loadAdapter("b", config(), factors(3)),
  ],
  [
    "UNSUPPORTED",
    "a router is made of adapters that are there already",
    async () => (await made()).addAdapter("b", config({ arrow_config: {} }), start),
  ],
  [
    "SHAPE",
    "3 inputs do not divide into groups of 16",
    async () => (await made()).addAdapter("b", config({ use_qalora: true }), start),
  ],
  [
    "SHAPE",
    "the base weight has 6 values, what is left of it 1",
    async () =>
      (await made()).addAdapter("b", config(), async (place) => ({
        ...(await start(place)),
        base: new Float64Array(1),
      })),
  ],
  [
    "USAGE",
    "adapter b changes the base weight of q, into which others are merged",
    async () =>
      (await merged()).addAdapter("b", config(), async (place) => ({
        ...(await start(place)),
        base: new Float64Array(6),
      })),
  ],
];

test.each(cases)("%s: %s", async (code, message, work) => {
  const error: unknown = await work().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(LoraError);
  expect(error).toMatchObject({ code, message });
});

test("only one of the adapters that keep a module whole is active", async () => {
  const model = await withWhole("b", "c");
  model.setAdapters(["a", "b"]);
  expect(() => model.setAdapters(["b", "a", "c"])).toThrow(LoraError);
  expect(model.activeAdapters).toEqual(["a", "b"]);
  expect((await model.mergeAndUnload()).tensors.get("v.weight")!.shape).toEqual([2, 3]);
});

test("an adapter that fails leaves the model as it was", async () => {
  const model = await made();
  const before = model.layerStatus();
  const half: Initialise = (place) => {
    if (place.path === "q") return start(place);
    throw new Error("no factors for the attention");
  };
  await expect(model.addAdapter("b", config({ target_modules: ["q", "mha"] }), half)).rejects.toThrow(
    "no factors for the attention",
  );
  expect(model.layerStatus()).toEqual(before);
});

test("factors of another shape can be passed over, and what is missing is named", async () => {
  const model = await made();
  const report = await model.loadAdapter("b", config({ target_modules: ["q", "mha"] }), factors(3), {
    ignoreMismatched: true,
  });
  expect(report.mismatched).toEqual(["base_model.model.q.lora_A.weight", "base_model.model.q.lora_B.weight"]);
  expect(report.missing).toContain("base_model.model.mha.base_layer.out_proj.lora_A.weight");
  expect(model.layerStatus().map(({ availableAdapters }) => availableAdapters)).toEqual([["a"]]);
});
