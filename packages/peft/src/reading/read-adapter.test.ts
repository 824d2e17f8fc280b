import { matrix, multiply, transpose } from "@lora/linalg";
import type { TensorFile } from "@lora/tensor";
import { elementCount, tensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { failure, fileOf } from "../files.test-helper.ts";
import { loadDelta } from "../load-delta.ts";
import golden from "./peft.golden.json" with { type: "json" };
import { readAdapter } from "./read-adapter.ts";

const CONFIG = "adapter_config.json";

function peftFile(config: object, shapes: Readonly<Record<string, readonly number[]>> = {}): TensorFile {
  const pair = { "base_model.model.m.lora_A.weight": [2, 6], "base_model.model.m.lora_B.weight": [4, 2] };
  return fileOf({ ...pair, ...shapes }, { sidecars: { [CONFIG]: JSON.stringify(config) } });
}

describe.each(Object.entries(golden))("an adapter that PEFT wrote: %s", (_, { config, tensors, deltas }) => {
  const file = tensorFile({
    name: "adapter_model.safetensors",
    tensors: Object.entries(tensors).map(([name, { shape, values }]) => [
      name,
      tensorOfValues(values, "f32", shape),
    ]),
    sidecars: [[CONFIG, config]],
  });

  test("every update is the one that PEFT makes", async () => {
    const { modules, extras, warnings } = await readAdapter(file);
    expect([modules.length, extras, warnings]).toEqual([7, [], []]);
    for (const module of modules) {
      const { shape, values } = deltas[module.path as keyof typeof deltas];
      const { up, down } = (await loadDelta(module)).factors();
      const product = multiply(up, down);
      // An embedding and a Conv1D are stored the other way round.
      const turned = shape.length === 2 && shape[0] !== module.shape[0];
      expect(turned ? module.shape.toReversed() : module.shape).toEqual(shape);
      expect(turned).toBe(module.layer === "embedding" || module.path === "turned");
      const found = turned ? transpose(product) : product;
      const largest = Math.max(...values.map(Math.abs));
      // PEFT multiplies and scales in f32, with at most 27 terms: half an ulp each, and the scale's.
      const bound = largest * 64 * 2 ** -24;
      values.forEach((value, index) =>
        expect(Math.abs(found.data[index]! - value)).toBeLessThanOrEqual(bound),
      );
      expect(values).toHaveLength(elementCount(shape));
    }
  });
});

test("kohya: components, alphas, kinds, ranks and shapes, in the order of the file", async () => {
  const adapter = await readAdapter(
    fileOf({
      "lora_te1_a.alpha": [],
      "lora_te1_a.lora_down.weight": [2, 6],
      "lora_te1_a.lora_up.weight": [4, 2],
      "lora_unet_b.lora_up.weight": [4, 3, 1, 1],
      "lora_unet_b.lora_down.weight": [3, 5, 1, 1],
      "lora_unet_b.lora_mid.weight": [3, 3, 3, 3],
      "lora_unet_c.lora_down.weight": [1, 5, 3, 3],
      "lora_unet_c.lora_up.weight": [4, 1, 1, 1],
    }),
  );
  expect(adapter.detection.dialect).toBe("kohya");
  expect(
    adapter.modules.map((module) => [
      module.name,
      module.component,
      module.path,
      module.kind,
      module.shape,
      module.rank,
      module.scale,
    ]),
  ).toEqual([
    ["lora_te1_a", "te1", "a", "lora", [4, 6], 2, 2],
    ["lora_unet_b", "unet", "b", "locon-tucker", [4, 5, 3, 3], 3, 1],
    ["lora_unet_c", "unet", "c", "lora", [4, 5, 3, 3], 1, 1],
  ]);
  expect(adapter.modules.map((module) => [module.alpha, module.scaleSource])).toEqual([
    [4, "tensor"],
    [undefined, "none"],
    [undefined, "none"],
  ]);
});

test("two layouts of diffusers in one file, each module by its own names", async () => {
  const { modules, detection } = await readAdapter(
    fileOf({
      "unet.a.attn1.processor.to_out_lora.down.weight": [2, 6],
      "unet.a.attn1.processor.to_out_lora.up.weight": [6, 2],
      "text_encoder.b.q_proj.lora_linear_layer.down.weight": [2, 6],
      "text_encoder.b.q_proj.lora_linear_layer.up.weight": [6, 2],
      "text_encoder_2.c.lora_A.weight": [2, 6],
      "text_encoder_2.c.lora_B.weight": [6, 2],
    }),
  );
  expect(detection.dialect).toBe("diffusers-legacy");
  expect(modules.map(({ component, path }) => [component, path])).toEqual([
    ["unet", "a.attn1.to_out.0"],
    ["te1", "b.q_proj"],
    ["te2", "c"],
  ]);
});

test("what is no pair is kept with the reason, and told where it matters", async () => {
  const config = { peft_type: "LORA", r: 2, lora_alpha: 2, modules_to_save: ["classifier"] };
  const { extras, warnings, modules } = await readAdapter(
    peftFile(config, {
      "base_model.model.m.lora_magnitude_vector": [4],
      "base_model.model.m.lora_B.bias": [4],
      "base_model.model.classifier.dense.weight": [2, 4],
      "base_model.model.n.bias": [4],
      "base_model.model.n.lokr_w1": [4, 4],
      "base_model.model.step": [],
    }),
  );
  expect(modules.map(({ name }) => name)).toEqual(["base_model.model.m"]);
  expect(extras.map(({ why }) => why)).toEqual([
    "DoRA magnitude",
    "bias of the low-rank path (lora_bias)",
    "saved whole (modules_to_save)",
    "bias trained along",
    "LoKr: not handled yet",
    "no part of a low-rank pair",
  ]);
  expect(warnings).toEqual([
    "1 module is LoKr, which is not handled yet: carried unchanged",
    "1 module has more than a pair: DoRA magnitudes are kept; they will not match the norms once ranks change",
    "1 module has more than a pair: biases of the low-rank path are kept; they are part of no product here",
  ]);
});

test("a mixed file keeps VeRA modules with their alphas, whole", async () => {
  const { extras, modules } = await readAdapter(
    fileOf({
      "lora_unet_a.lora_down.weight": [2, 6],
      "lora_unet_a.lora_up.weight": [4, 2],
      "lora_unet_b.alpha": [],
      "lora_unet_b.vera_lambda_b": [4, 4],
      "lora_unet_c.alpha": [],
    }),
  );
  expect(modules).toHaveLength(1);
  expect(extras.map(({ name, why }) => [name, why])).toEqual([
    ["lora_unet_b.vera_lambda_b", "VeRA: not handled yet"],
    ["lora_unet_b.alpha", "VeRA: not handled yet"],
    ["lora_unet_c.alpha", "alpha of no pair"],
  ]);
});

test("an initialisation that changes the base is told", async () => {
  const { warnings } = await readAdapter(
    peftFile({ peft_type: "LORA", r: 2, init_lora_weights: "pissa_niter_4" }),
  );
  expect(warnings[0]).toMatch(
    /^the adapter was initialised with pissa_niter_4, which changes the base weights/,
  );
});

test("without its configuration an adapter of PEFT is not guessed at, unless the header has one", async () => {
  const shapes = { "base_model.model.m.lora_A.weight": [2, 6], "base_model.model.m.lora_B.weight": [4, 2] };
  const error = await failure(() => readAdapter(fileOf(shapes)));
  expect([error.code, error.message]).toEqual([
    "MISSING",
    "adapter_config.json is not beside the weights, and rank and alpha are only there",
  ]);
  const metadata = {
    lora_adapter_metadata: JSON.stringify({ "transformer.r": 2, "transformer.lora_alpha": 6 }),
  };
  const { modules } = await readAdapter(fileOf(shapes, { metadata }));
  expect(modules.map(({ scale, alpha, scaleSource }) => [scale, alpha, scaleSource])).toEqual([
    [3, 6, "config"],
  ]);
  const plain = await readAdapter(fileOf(shapes), { dialect: "generic" });
  expect(plain.modules.map(({ path, scale }) => [path, scale])).toEqual([["m", 1]]);
});

test("diffusers: each component by its own fields of the header, an alpha tensor before them, else 1", async () => {
  const metadata = { lora_adapter_metadata: JSON.stringify({ "unet.r": 2, "unet.lora_alpha": 6 }) };
  const shapes = ["unet.a", "unet.b", "text_encoder.c"].flatMap((name) => [
    [`${name}.lora_A.weight`, [2, 6]] as const,
    [`${name}.lora_B.weight`, [4, 2]] as const,
  ]);
  const { modules } = await readAdapter(
    fileOf({ ...Object.fromEntries(shapes), "unet.b.alpha": [] }, { metadata }),
  );
  expect(modules.map(({ scale, scaleSource }) => [scale, scaleSource])).toEqual([
    [3, "config"],
    [2, "tensor"],
    [1, "none"],
  ]);
});

test("hand-worked: the scale is folded into the product", async () => {
  const file = tensorFile({
    name: "t",
    tensors: [
      ["lora_unet_a.lora_down.weight", tensorOfValues([1, 2], "f32", [1, 2])],
      ["lora_unet_a.lora_up.weight", tensorOfValues([3, 4], "f32", [2, 1])],
      ["lora_unet_a.alpha", tensorOfValues([0.5], "f32", [])],
    ],
  });
  const { modules } = await readAdapter(file);
  const delta = await loadDelta(modules[0]!);
  expect(multiply(delta.factors().up, delta.factors().down)).toEqual(
    matrix([
      [1.5, 3],
      [2, 4],
    ]),
  );
  expect(delta.svd().s[0]).toBeCloseTo(0.5 * 5 * Math.sqrt(5), 14);
});
