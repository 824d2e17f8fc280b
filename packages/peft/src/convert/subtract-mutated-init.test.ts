import { readValues, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { failure } from "../files.test-helper.ts";
import { subtractMutatedInit } from "./subtract-mutated-init.ts";
import golden from "./subtract.golden.json" with { type: "json" };

interface Values {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

function folder(values: Readonly<Record<string, Values>>, config: object): TensorFile {
  return tensorFile({
    name: "adapter_model.safetensors",
    tensors: Object.entries(values).map(([name, { shape, data }]) => [
      name,
      tensorOfValues(data, "f32", shape),
    ]),
    sidecars: [["adapter_config.json", JSON.stringify({ peft_type: "LORA", ...config })]],
  });
}

// Made by tooling/goldens/init.py: what PEFT 0.21 saved, in float32.
describe.each(golden.cases)("a trained PiSSA adapter, rsLoRA $rslora", (one) => {
  const config = {
    r: golden.r,
    lora_alpha: golden.alpha,
    use_rslora: one.rslora,
    init_lora_weights: "pissa",
  };
  const initial = folder(one.initial, { ...config, init_lora_weights: true });

  test("the plain adapter is PEFT's to the last bit, with twice the rank at the same scale", async () => {
    const plain = subtractMutatedInit(folder(one.trained, config), initial);
    expect([...plain.tensors.keys()]).toEqual(Object.keys(one.plain));
    for (const [name, { shape, data }] of Object.entries(one.plain)) {
      const tensor = plain.tensors.get(name)!;
      expect(tensor.shape).toEqual(shape);
      expect(Array.from(await readValues(tensor))).toEqual(data);
    }
    const written = JSON.parse(plain.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
    expect([written["r"], written["lora_alpha"], written["init_lora_weights"]]).toEqual([
      one.r,
      one.alpha,
      one.init,
    ]);
  });
});

const one = golden.cases[0]!;
const trained = folder(one.trained, {
  init_lora_weights: "pissa",
  rank_pattern: { layer: 2 },
  alpha_pattern: { layer: 3 },
});
const initial = folder(one.initial, {});

test("patterns follow, and what is no factor is carried over", () => {
  const extra = tensorOfValues([1, 2], "f16", [2]);
  const saved = {
    ...trained,
    tensors: new Map([...trained.tensors, ["base_model.model.head.weight", extra]]),
  };
  const plain = subtractMutatedInit(saved, initial);
  expect(plain.tensors.get("base_model.model.head.weight")).toBe(extra);
  const written = JSON.parse(plain.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
  expect([written["rank_pattern"], written["alpha_pattern"]]).toEqual([{ layer: 4 }, { layer: 6 }]);
});

const { "base_model.model.layer.lora_A.weight": down, ...onlyUp } = one.initial;
const wider = { ...down, shape: [7, 2] };
const narrower = new Map(
  Object.entries(one.initial).map(([name, { shape, data }]) => [name, tensorOfValues(data, "f16", shape)]),
);

test.each([
  [
    "no configuration",
    { ...trained, sidecars: new Map() },
    initial,
    "there is no adapter_config.json beside the factors",
    "MISSING",
  ],
  [
    "an initial one that mutates",
    trained,
    folder(one.initial, { init_lora_weights: "pissa" }),
    "the initial adapter must say init_lora_weights true, it says pissa",
    "USAGE",
  ],
  [
    "DoRA",
    folder(one.trained, { use_dora: true }),
    initial,
    "the difference of two DoRA adapters is no low-rank update",
    "UNSUPPORTED",
  ],
  [
    "no such factor",
    trained,
    folder(onlyUp, {}),
    "the initial adapter has no base_model.model.layer.lora_A.weight",
    "MISSING",
  ],
  [
    "another shape",
    trained,
    folder({ ...onlyUp, "base_model.model.layer.lora_A.weight": wider }, {}),
    "the factor is f32 [2, 7], initially f32 [7, 2]",
    "SHAPE",
  ],
  [
    "another type",
    trained,
    { ...initial, tensors: narrower },
    "the factor is f32 [2, 7], initially f16 [2, 7]",
    "DTYPE",
  ],
])("what cannot be subtracted is refused: %s", async (_, after, before, message, code) => {
  const error = await failure(() => subtractMutatedInit(after, before));
  expect(error.message).toContain(message);
  expect(error.code).toBe(code);
});
