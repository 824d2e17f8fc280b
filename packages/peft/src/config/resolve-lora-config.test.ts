import { expect, test } from "vitest";
import golden from "./lora-configs.golden.json" with { type: "json" };
import { failure } from "../files.test-helper.ts";
import type { LoraConfigOptions } from "./lora-config-options.ts";
import { loraConfig, resolveLoraConfig } from "./resolve-lora-config.ts";

const { made, errors } = golden as {
  made: { options: LoraConfigOptions; warnings: number }[];
  errors: { options: LoraConfigOptions }[];
};

test.each(made)("there are as many warnings as PEFT has: $options", ({ options, warnings }) => {
  expect(resolveLoraConfig(options, { code: "USAGE" }).warnings.length).toBe(warnings);
});

test.each(errors)("what PEFT refuses is refused: $options", async ({ options }) => {
  const error = await failure(() => loraConfig(options));
  expect([error.name, error.code]).toEqual(["LoraError", "USAGE"]);
  expect(error.advice).toBeDefined();
});

test.each<[LoraConfigOptions, string]>([
  [{ init_lora_weights: "eva", eva_config: { rho: 0.5 } }, "rho must be at least 1, and is 0.5"],
  [{ init_lora_weights: "eva", eva_config: { tau: 1.5 } }, "tau must be from 0 to 1, and is 1.5"],
  [{ velora_config: { num_groups: 0 } }, "num_groups must be above 0, and is 0"],
  [{ velora_config: { scale: -2 } }, "scale must be above 0, and is -2"],
  [{ kasa_config: { beta: -3 } }, "beta must not be below 0, and is -3"],
  [{ kasa_config: { gamma: -1 } }, "gamma must not be below 0, and is -1"],
  [
    { use_bdlora: { target_modules_bd_a: ["x", "y"], target_modules_bd_b: ["y"] } },
    "y cannot have both a block-diagonal A and a block-diagonal B",
  ],
  [{ arrow_config: { top_k: -1 } }, "top_k must be above 0, and is -1"],
  [{ arrow_config: { router_temperature: 0 } }, "router_temperature must be above 0, and is 0"],
  [{ monteclora_config: { num_samples: 0 } }, "num_samples must be above 0, and is 0"],
  [{ monteclora_config: { dirichlet_prior: 0 } }, "dirichlet_prior must be above 0, and is 0"],
  [{ monteclora_config: { buffer_size: -1 } }, "buffer_size must be above 0, and is -1"],
  [
    { target_modules: "all-linear", layers_to_transform: 1 },
    'layers_to_transform goes with a list of target_modules, and target_modules is "all-linear"',
  ],
  [
    { target_modules: "q", layers_pattern: "h" },
    'layers_pattern goes with a list of target_modules, and target_modules is "q"',
  ],
  [
    { target_modules: ["q"], layers_pattern: ["h"] },
    "layers_pattern says where layers are numbered, and layers_to_transform names none",
  ],
  [{ use_dora: true, megatron_config: { a: 1 } }, "DoRA has no form for Megatron's layers"],
  [{ init_lora_weights: "loftq" }, "the initialisation loftq needs loftq_config, and it is empty"],
  [
    { lora_bias: true, init_lora_weights: "olora" },
    "lora_bias goes with init_lora_weights true or false, and it is olora",
  ],
  [{ lora_bias: true, use_dora: true }, "lora_bias has no meaning with DoRA"],
  [{ use_dora: true, use_qalora: true }, "the variants use_dora and use_qalora exclude each other"],
  [{ use_dora: true, kasa_config: {} }, "the variants use_dora and kasa_config exclude each other"],
  [
    { use_dora: true, init_lora_weights: "mica" },
    "the variants use_dora and init_lora_weights mica exclude each other",
  ],
])("a rule between fields that is broken is said with its numbers: %j", async (options, message) => {
  const error = await failure(() => loraConfig(options));
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});

test.each<[object, string]>([
  [
    { task_type: "CHAT" },
    'task_type must be one of SEQ_CLS, SEQ_2_SEQ_LM, CAUSAL_LM, TOKEN_CLS, QUESTION_ANS, FEATURE_EXTRACTION or null, and is "CHAT"',
  ],
  [{ r: 0 }, "r must be a whole number above 0, and is 0"],
  [{ r: 2.5 }, "r must be a whole number above 0, and is 2.5"],
  [{ lora_alpha: "16" }, 'lora_alpha must be a number above 0, and is "16"'],
  [{ lora_dropout: 1.5 }, "lora_dropout must be a number from 0 to 1, and is 1.5"],
  [{ bias: "foo" }, 'bias must be one of none, all, lora_only, and is "foo"'],
  [{ use_dora: 1 }, "use_dora must be true or false, and is 1"],
  [{ target_modules: [1] }, "target_modules must be a list of texts or a text or null, and is [1]"],
  [{ target_parameters: "a" }, 'target_parameters must be a list of texts or null, and is "a"'],
  [{ rank_pattern: { q: 0 } }, "rank_pattern.q must be a whole number above 0, and is 0"],
  [
    { layer_replication: [[0]] },
    "layer_replication must be a list of pairs [start, end] or null, and is [[0]]",
  ],
  [
    { trainable_token_indices: { a: [0.5] } },
    'trainable_token_indices must be a list of whole numbers or an object of such lists or null, and is {"a":[0.5]}',
  ],
  [{ eva_config: 3 }, "eva_config must be an object or null, and is 3"],
  [
    { velora_config: { init_type: "mean" } },
    'velora_config.init_type must be one of batch_average_once, batch_average, random, and is "mean"',
  ],
  [
    { loftq_config: { loftq_bits: "4" } },
    'loftq_config.loftq_bits must be a whole number above 0, and is "4"',
  ],
  [
    { init_lora_weights: "PISSA" },
    'init_lora_weights must be true, false, gaussian, eva, olora, pissa, pissa_niter_N, corda, loftq, orthogonal, mica or lora_ga, and is "PISSA"',
  ],
])("a field of the wrong type is said with its value: %j", async (options, message) => {
  const error = await failure(() => loraConfig(options));
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});

test.each<[LoraConfigOptions, string]>([
  [{ loftq_config: { loftq_bits: 4 } }, "loftq_config is not used: init_lora_weights is true"],
  [{ init_lora_weights: "eva" }, "init_lora_weights is eva without eva_config: PEFT's defaults are taken"],
  [{ corda_config: {} }, "corda_config is not used: init_lora_weights is true"],
  [{ alora_invocation_tokens: [1] }, "aLoRA works in language models only: task_type is null, not CAUSAL_LM"],
  [
    { use_rslora: true, rank_pattern: { q: 1 }, init_lora_weights: "olora" },
    "with use_rslora and patterns, an adapter initialised with olora cannot be converted to a plain LoRA after training",
  ],
])("a warning says what is not as it seems: %j", (options, warning) => {
  expect(resolveLoraConfig(options, { code: "USAGE" }).warnings).toEqual([warning]);
});

test("initialisations that PEFT takes in any case have one spelling here", () => {
  const init = "Gaussian" as "gaussian";
  expect(loraConfig({ init_lora_weights: init }).init_lora_weights).toBe("gaussian");
});

test("lists that are sets in PEFT have one order and no entry twice", () => {
  const config = loraConfig({ target_modules: ["v", "q", "v"], exclude_modules: ["\u{1f600}", "\uffee"] });
  expect([config.target_modules, config.exclude_modules]).toEqual([
    ["q", "v"],
    ["\uffee", "\u{1f600}"],
  ]);
});
