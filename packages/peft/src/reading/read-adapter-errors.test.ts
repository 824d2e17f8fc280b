import type { TensorFile } from "@lora/tensor";
import { tensorFile, tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure, fileOf } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import { readAdapter } from "./read-adapter.ts";

const CONFIG = "adapter_config.json";

function peftFile(config: object, shapes: Readonly<Record<string, readonly number[]>> = {}): TensorFile {
  const pair = { "base_model.model.m.lora_A.weight": [2, 6], "base_model.model.m.lora_B.weight": [4, 2] };
  return fileOf({ ...pair, ...shapes }, { sidecars: { [CONFIG]: JSON.stringify(config) } });
}

const pair = { "lora_unet_a.lora_down.weight": [2, 6], "lora_unet_a.lora_up.weight": [4, 2] };

test.each([
  [
    "a factor without its partner",
    { ...pair, "lora_unet_b.lora_down.weight": [2, 6] },
    "MISSING",
    "a module has no up factor",
    { tensor: "lora_unet_b.lora_down.weight" },
  ],
  [
    "factors of different ranks",
    { "lora_unet_a.lora_down.weight": [2, 6], "lora_unet_a.lora_up.weight": [4, 3] },
    "SHAPE",
    "the factors of a module have different ranks: 2 × 6 and 4 × 3",
    { tensor: "lora_unet_a.lora_up.weight", partner: "lora_unet_a.lora_down.weight" },
  ],
  [
    "a rank of 0",
    { "lora_unet_a.lora_down.weight": [0, 6], "lora_unet_a.lora_up.weight": [4, 0] },
    "SHAPE",
    "a factor must be a matrix or a convolution kernel without empty axes, and is 0 × 6",
    { tensor: "lora_unet_a.lora_down.weight" },
  ],
  [
    "an up factor with a kernel",
    { "lora_unet_a.lora_down.weight": [2, 6, 3, 3], "lora_unet_a.lora_up.weight": [4, 2, 3, 3] },
    "SHAPE",
    "a factor must be a matrix, or a convolution with a kernel of 1 without empty axes, and is 4 × 2 × 3 × 3",
    { tensor: "lora_unet_a.lora_up.weight" },
  ],
  [
    "an alpha of two values",
    { ...pair, "lora_unet_a.alpha": [2] },
    "SHAPE",
    "alpha must be one value, and is 2",
    { tensor: "lora_unet_a.alpha" },
  ],
  [
    "two names for one factor",
    { "x.lora_A.weight": [2, 6], "x.lora_A.default.weight": [2, 6], "x.lora_B.weight": [4, 2] },
    "FORMAT",
    "two tensors are the down factor of one module",
    { tensor: "x.lora_A.default.weight", rival: "x.lora_A.weight" },
  ],
] as const)(
  "%s is an error that names the tensor and the numbers",
  async (_, shapes, code, message, facts) => {
    const values = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, shape] as const));
    const tensors = fileOf(values).tensors;
    const error = await failure(() => readAdapter(tensorFile({ name: "t", tensors })));
    expect([error.code, error.message]).toEqual([code, message]);
    expect(error.facts).toMatchObject({ ...facts, file: "t" });
  },
);

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])("an alpha of %d is refused", async (alpha) => {
  const error = await failure(() => readAdapter(fileOf({ ...pair, "lora_unet_a.alpha": [] }, { alpha })));
  expect([error.code, error.message]).toEqual(["NUMERIC", `alpha must be a number above 0, and is ${alpha}`]);
  expect(error.facts.tensor).toBe("lora_unet_a.alpha");
});

test.each([
  [{ r: 2 }, "FORMAT", "adapter_config.json names no peft_type"],
  [
    { peft_type: "LORA", r: 8 },
    "SHAPE",
    "adapter_config.json gives the module rank 8, its tensors have rank 2",
  ],
  [{ peft_type: "LORA", r: "2" }, "FORMAT", 'r must be a whole number above 0, and is "2"'],
  [{ peft_type: "LORA", r: 2, rank_pattern: 3 }, "FORMAT", "rank_pattern must be an object, and is 3"],
  [
    { peft_type: "LORA", r: 2, alpha_pattern: { m: null } },
    "FORMAT",
    "alpha_pattern.m must be a number above 0, and is null",
  ],
  [
    { peft_type: "LORA", r: 2, rank_pattern: { "(m": 2 } },
    "FORMAT",
    'the pattern "(m" is not an expression of Python: a parenthesis is not closed',
  ],
  [
    { peft_type: "UNILORA" },
    "UNSUPPORTED",
    "the adapter is of PEFT's type UNILORA, which is not handled here",
  ],
  [
    { peft_type: "LORA", r: 2, target_parameters: ["experts.up"] },
    "UNSUPPORTED",
    "the adapter is LoRA on parameters (target_parameters), with experts packed into the factors; only plain LoRA is handled",
  ],
  [
    { peft_type: "LORA", r: 2, use_qalora: true },
    "UNSUPPORTED",
    "the adapter is QALoRA (use_qalora), whose A acts on pooled inputs; only plain LoRA is handled",
  ],
  [
    { peft_type: "LORA", r: 2, kasa_config: {} },
    "UNSUPPORTED",
    "the adapter is KaSA (kasa_config), with a diagonal between the factors; only plain LoRA is handled",
  ],
  [
    { peft_type: "LORA", r: 2, use_bdlora: {} },
    "UNSUPPORTED",
    "the adapter is block-diagonal LoRA (use_bdlora); only plain LoRA is handled",
  ],
  [
    { peft_type: "LORA", r: 2, enable_lora: [true, false, true] },
    "SHAPE",
    "2 merged pairs cannot be 2 × 6 and 4 × 2",
  ],
])("a configuration that does not fit is refused: %j", async (config, code, message) => {
  const error = await failure(() => readAdapter(peftFile(config)));
  expect([error.code, error.message]).toEqual([code, message]);
});

test.each([
  ["not JSON", "{", "adapter_config.json is not JSON"],
  ["an array", "[]", "adapter_config.json must hold one JSON object"],
])("a configuration that is %s is refused", async (_, text, message) => {
  const file = fileOf({ "base_model.model.m.lora_A.weight": [2, 6] }, { sidecars: { [CONFIG]: text } });
  const error = await failure(() => readAdapter(file));
  expect([error.code, error.message]).toEqual(["FORMAT", message]);
});

test("a NaN in a factor is named when the factor is read", async () => {
  const file = tensorFile({
    name: "t",
    tensors: [
      ["lora_unet_a.lora_down.weight", tensorOfValues([1, 2, 3, Number.NaN], "f32", [2, 2])],
      ["lora_unet_a.lora_up.weight", tensorOfValues([1, 2], "f32", [1, 2])],
    ],
  });
  const { modules } = await readAdapter(file);
  const error = await failure(() => loadDelta(modules[0]!));
  expect([error.code, error.message]).toEqual(["NUMERIC", "value 3 of a factor is NaN"]);
  expect(error.facts).toMatchObject({
    tensor: "lora_unet_a.lora_down.weight",
    index: 3,
    module: "lora_unet_a",
  });
});

test("an unknown dialect is refused with the ones there are", async () => {
  const error = await failure(() => readAdapter(fileOf(pair), { dialect: "khoya" }));
  expect([error.code, error.message]).toEqual(["USAGE", "no dialect is called khoya"]);
  expect(error.advice).toBe(
    "use one of ai-toolkit, bfl-control, cloneofsimo, comfyui, diffusers-legacy, diffusers, generic, gguf, kohya, loralib, lycoris, mlx, onetrainer, peft-methods, peft, sam-lora, xlabs",
  );
});
