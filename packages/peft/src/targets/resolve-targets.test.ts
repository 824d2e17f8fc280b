import { describe, expect, test } from "vitest";
import golden from "./models.golden.json" with { type: "json" };
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import { failure } from "../files.test-helper.ts";
import { describeModel } from "./describe-model.ts";
import type { ModelDescription, ModuleKind } from "./model-description.ts";
import type { ResolvedTargets } from "./resolve-targets.ts";
import { resolveTargets } from "./resolve-targets.ts";

type Sized = [name: string, rank: number, alpha: number, scale: number];
interface Case {
  readonly options: LoraConfigOptions;
  readonly error?: string;
  readonly targets: string[] | string | null;
  readonly modules: Sized[];
  readonly parameters: Sized[];
  readonly saved: string[];
  readonly tokens: Record<string, number[]>;
  readonly fanInFanOut: boolean;
  readonly modulesToSave: string[] | null;
  readonly warnings: number;
}
interface Described extends Omit<ModelDescription, "modules"> {
  readonly modules: [name: string, kind: ModuleKind, parameters: Record<string, number[]>][];
  readonly cases: Case[];
}
const models = golden as unknown as Record<string, Described>;

function modelOf({
  modules,
  isPretrained,
  modelType,
  inputEmbedding,
  outputEmbedding,
  tied,
}: Described): ModelDescription {
  const described = modules.map(([name, kind, parameters]) => ({
    name,
    kind,
    parameters: Object.entries(parameters).map(([parameter, shape]) => ({ name: parameter, shape })),
  }));
  const known = { isPretrained, modelType, inputEmbedding, outputEmbedding, tied };
  return { ...known, modules: described };
}

const all = Object.entries(models).flatMap(([name, described]) =>
  described.cases.map((each) => ({ ...each, name, model: modelOf(described) })),
);

test.each(all.filter(({ error }) => error === undefined))("as PEFT adapts $name: $options", (each) => {
  const found = resolveTargets(loraConfig(each.options), each.model);
  expect(found.config.target_modules).toEqual(each.targets);
  expect([...found.modules, ...found.tied].map(sized)).toEqual(each.modules);
  expect(
    found.parameters
      .map((target) => sized({ ...target, name: `${target.module}.${target.parameter}` }))
      .sort(byName),
  ).toEqual(each.parameters);
  expect([...found.saved, ...found.savedTied]).toEqual(each.saved);
  expect(Object.fromEntries(found.tokens.map(({ module, indices }) => [module, indices]))).toEqual(
    each.tokens,
  );
  expect(found.config.fan_in_fan_out).toBe(each.fanInFanOut);
  expect(found.config.modules_to_save).toEqual(each.modulesToSave);
  // PEFT also warns of patterns that fit parameters only.
  if (each.parameters.length === 0) expect(found.warnings.length).toBe(each.warnings);
});

test.each(all.filter(({ error }) => error !== undefined))(
  "as PEFT refuses to adapt $name: $options",
  async (each) => {
    const error = await failure(() => resolveTargets(loraConfig(each.options), each.model));
    expect(error.name).toBe("LoraError");
    expect(error.code === "MISSING").toBe(
      each.error === "NoMatchingPeftModuleError" ||
        /no module of the model is called|no default targets/.test(error.message),
    );
  },
);

function sized({
  name,
  rank,
  alpha,
  scale,
}: ResolvedTargets["modules"][number] | (ResolvedTargets["parameters"][number] & { name: string })): Sized {
  return [name, rank, alpha, scale];
}

function byName([a]: Sized, [b]: Sized): number {
  return a < b ? -1 : 1;
}

describe("what is said when nothing is adapted", () => {
  const mixed = modelOf(models["mixed"]!);

  test.each<[LoraConfigOptions, string, string, string?]>([
    [
      { target_modules: ["qproj"] },
      "MISSING",
      'no module of the model fits target_modules ["qproj"]',
      "the most alike: q_proj, words, out_proj, line, turned",
    ],
    [
      { target_modules: "q_proj" },
      "MISSING",
      'no module of the model fits target_modules "q_proj"',
      "a text is an expression for whole names; list the ends of names, e.g. q_proj, out_proj, words, line, volume",
    ],
    [
      { target_modules: ["q_proj"], layers_to_transform: 20, layers_pattern: "layers" },
      "MISSING",
      'no module of the model fits target_modules ["q_proj"] in the layers 20 under "layers"',
    ],
    [
      { target_modules: [], target_parameters: ["none"] },
      "MISSING",
      'no target_modules are given, and no parameter fits ["none"]',
    ],
    [
      { target_modules: ["q_proj"], exclude_modules: ".*" },
      "MISSING",
      "all 68 modules of the model are excluded",
    ],
    [
      { target_modules: ["q_proj"], exclude_modules: ["q_proj"] },
      "MISSING",
      'no module is left to adapt: 12 are excluded, and no other fits ["q_proj"]',
      "compare target_modules with exclude_modules and modules_to_save",
    ],
    [{}, "MISSING", "there are no default targets for a model of unknown type"],
    [{ target_modules: ["norm"] }, "UNSUPPORTED", "layers.0.norm is no layer that LoRA has a form for"],
    [
      { target_modules: [], target_parameters: ["scale"] },
      "USAGE",
      "scale is a parameter of the model itself, which cannot be adapted",
    ],
    [
      { target_modules: ["q_proj"], target_parameters: ["q_proj.weight"] },
      "USAGE",
      "layers.0.q_proj is adapted itself, and so cannot be its parameter weight",
    ],
    [
      { target_modules: [], target_parameters: ["experts.flat"] },
      "SHAPE",
      "layers.0.experts.flat has 1 dimensions; 2 and 3 can be adapted",
    ],
    [
      { target_modules: [], target_parameters: ["down_proj"], use_dora: true },
      "USAGE",
      "use_dora has no meaning for target_parameters",
    ],
    [
      { target_modules: ["q_proj"], trainable_token_indices: [1] },
      "MISSING",
      "no module of the model is called embed_tokens, whose tokens are to be trained",
    ],
    [
      { target_modules: ["q_proj"], trainable_token_indices: { words: [1] }, modules_to_save: ["words"] },
      "USAGE",
      "words is to be saved whole, and its tokens by themselves",
    ],
    [
      { target_modules: ["layers.3.q_proj"], trainable_token_indices: { "3.q_proj": [1] } },
      "USAGE",
      "layers.3.q_proj is adapted, and its tokens cannot be trained by themselves",
    ],
    [
      { target_modules: ["q_proj"], layer_replication: [[0, 13]] },
      "USAGE",
      "layer_replication names layer 12, and the model has 12",
    ],
  ])("%j", async (options, code, message, advice) => {
    const error = await failure(() => resolveTargets(loraConfig(options), mixed));
    expect([error.code, error.message]).toEqual([code, message]);
    if (advice !== undefined) expect(error.advice).toBe(advice);
  });

  test("models without the layers of Llama, Bert or Falcon cannot replicate them", async () => {
    const config = loraConfig({ layer_replication: [[0, 1]] });
    const error = await failure(() => resolveTargets(config, modelOf(models["t5"]!)));
    const message = "the model has no list of layers at layers, encoder.layer or h";
    expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
  });

  test("models with state spaces keep their out_proj", async () => {
    const config = loraConfig({ target_modules: ["out_proj"] });
    const error = await failure(() => resolveTargets(config, modelOf(models["mamba"]!)));
    const message = "backbone.layers.0.mixer.out_proj cannot be adapted in models of type mamba";
    expect([error.code, error.message]).toEqual(["UNSUPPORTED", message]);
  });
});

test("what was asked for and has no effect is said", () => {
  const options: LoraConfigOptions = {
    target_modules: ["none"],
    target_parameters: ["down_proj"],
    rank_pattern: { down_proj: 2, z: 1, a: 1 },
  };
  const { warnings } = resolveTargets(loraConfig(options), modelOf(models["mixed"]!));
  expect(warnings).toEqual([
    'target_modules ["none"] fits no module; only parameters are adapted',
    "rank_pattern has keys that fit nothing that is adapted: a, z",
  ]);
});

describe("modules that share the weight of the embedding", () => {
  const tied = modelOf(models["llama-tied"]!);
  const untied = modelOf(models["llama"]!);

  test("rows of one weight cannot be named differently where they are to be kept tied", async () => {
    const tokens = { embed_tokens: [1], lm_head: [2] };
    const options = {
      target_modules: ["q_proj"],
      trainable_token_indices: tokens,
      ensure_weight_tying: true,
    };
    const error = await failure(() => resolveTargets(loraConfig(options), tied));
    const message = "embed_tokens and lm_head share one weight, and name different tokens";
    expect([error.code, error.message]).toEqual(["USAGE", message]);
  });

  test("rows that are shared say whose they are", () => {
    const options = { target_modules: ["q_proj"], trainable_token_indices: [1] };
    expect(resolveTargets(loraConfig(options), tied).tokens).toEqual([
      { module: "model.embed_tokens", indices: [1] },
      { module: "lm_head", indices: [1], sharedWith: "model.embed_tokens" },
    ]);
  });

  test.each<[string, LoraConfigOptions, ModelDescription, string]>([
    [
      "adapted by itself",
      { target_modules: ["lm_head"] },
      tied,
      "lm_head shares the weight of the embedding, and an adapter of one of them is not one of the other: set ensure_weight_tying, or merge with care",
    ],
    [
      "not there",
      { target_modules: ["lm_head"], ensure_weight_tying: true },
      untied,
      "ensure_weight_tying has no effect: no module shares the weight of the embedding",
    ],
    [
      "not meant",
      { target_modules: ["q_proj"], ensure_weight_tying: true },
      tied,
      "ensure_weight_tying has no effect: neither embed_tokens nor lm_head is adapted or saved",
    ],
  ])("a warning where it is %s", (_, options, model, warning) => {
    expect(resolveTargets(loraConfig(options), model).warnings).toEqual([warning]);
  });
});

test("replicated layers share the weights of their sources", () => {
  const config = loraConfig({
    target_modules: ["q_proj"],
    layer_replication: [
      [0, 2],
      [-1, 0],
    ],
  });
  const found = resolveTargets(config, modelOf(models["llama"]!));
  const shared = found.modules.map(({ name }) => [name, found.sources.get(name)]);
  const q = (layer: number): string => `model.layers.${layer}.self_attn.q_proj`;
  expect(shared).toEqual([
    [q(0), q(0)],
    [q(1), q(1)],
    [q(2), q(2)],
  ]);
});

describe("a model as its weights tell it", () => {
  const files = Object.entries(models).filter(([name]) => name !== "mixed");

  test.each(files)("%s: every module that holds a weight is what it is in torch", (_, described) => {
    const model = modelOf(described);
    const weights = model.modules.flatMap(({ name, parameters }) =>
      parameters.map((each) => [name === "" ? each.name : `${name}.${each.name}`, each] as const),
    );
    const { modelType } = model;
    const found = describeModel(weights, modelType === undefined ? {} : { modelType });
    const holding = (each: ModelDescription): unknown[] =>
      each.modules.filter(({ parameters }) => parameters.length > 0).map(({ name, kind }) => [name, kind]);
    expect(holding(found)).toEqual(holding(model));
  });
});
