import { type Matrix, multiply, randomMatrix } from "@lora/linalg";
import { type DType, readValues, tensorFile, type TensorFile, tensorOfValues } from "@lora/tensor";
import { describe, expect, test } from "vitest";
import { init, type InitOptions } from "./init.ts";

const LAYERS = ["q_proj", "k_proj", "down_proj"];
const WIDTHS: Readonly<Record<string, readonly [number, number]>> = {
  q_proj: [8, 12],
  k_proj: [9, 12],
  down_proj: [12, 20],
};

const nameOf = (layer: string): string => `model.layers.0.${layer}`;

function base(dtype: DType = "f32"): TensorFile {
  return tensorFile({
    name: "base.safetensors",
    tensors: [
      ["model.embed_tokens.weight", tensorOfValues(randomMatrix(10, 12, 9).data, dtype, [10, 12])],
      ...LAYERS.map((layer, index) => {
        const [out, inner] = WIDTHS[layer]!;
        const data = randomMatrix(out, inner, index + 1).data;
        return [`${nameOf(layer)}.weight`, tensorOfValues(data, dtype, [out, inner])] as const;
      }),
      ["model.layers.0.conv.weight", tensorOfValues(randomMatrix(6, 36, 7).data, dtype, [6, 4, 3, 3])],
      ["model.norm.weight", tensorOfValues([1, 2, 3], dtype, [3])],
    ],
    sidecars: [["config.json", '{"model_type": "llama"}']],
  });
}

/** Inputs in two batches and gradients of every layer; query and key share theirs. */
const data = tensorFile({
  name: "data.safetensors",
  tensors: LAYERS.flatMap((layer, index) => {
    const [out, inner] = WIDTHS[layer]!;
    const seed = layer === "down_proj" ? 20 : 10;
    const batch = (step: number): Matrix => randomMatrix(40, inner, seed + step);
    const name = nameOf(layer);
    return [
      [`${name}.input.0`, tensorOfValues(batch(0).data, "f64", [2, 20, inner])],
      [`${name}.input.1`, tensorOfValues(batch(1).data, "f64", [2, 20, inner])],
      [`${name}.gradient`, tensorOfValues(randomMatrix(out, inner, 30 + index).data, "f32", [out, inner])],
    ] as const;
  }),
});

const asked: Omit<InitOptions, "method"> = {
  config: { r: 4, lora_alpha: 6, target_modules: LAYERS },
  activations: data,
  gradients: data,
  eva: { tau: 0 },
};

const outputs = {
  adapter: { path: "out/adapter_model.safetensors", bytes: 1 },
  base: { path: "base", bytes: 1 },
};

async function pulled(file: TensorFile | undefined): Promise<Map<string, Matrix>> {
  const matrices = new Map<string, Matrix>();
  for (const [name, tensor] of file?.tensors ?? []) {
    const values = await readValues(tensor);
    const rows = tensor.shape[0]!;
    matrices.set(name, { rows, cols: values.length / rows, data: values });
  }
  return matrices;
}

/** The weights that a model has with the files of an initialisation. */
async function rebuilt(file: TensorFile, options: InitOptions): Promise<Map<string, Matrix>> {
  const made = await init(file, options);
  const weights = await pulled(made.base ?? file);
  const factors = await pulled(made.adapter);
  for (const { name, tensor, scale } of made.report(outputs).modules) {
    const prefix = `base_model.model.${name}`;
    const update = multiply(factors.get(`${prefix}.lora_B.weight`)!, factors.get(`${prefix}.lora_A.weight`)!);
    const weight = weights.get(tensor)!;
    weights.set(tensor, { ...weight, data: update.data.map((value, i) => scale * value + weight.data[i]!) });
  }
  return weights;
}

function relativeDistance(a: Matrix, b: Matrix): number {
  return Math.hypot(...a.data.map((value, i) => value - b.data[i]!)) / Math.hypot(...b.data);
}

describe.each([
  "default",
  "gaussian",
  "orthogonal",
  "mica",
  "pissa",
  "pissa_niter_4",
  "olora",
  "corda",
  "lora_ga",
  "eva",
])("init %s", (method) => {
  test.each(["f32", "bf16"] as const)(
    "base and adapter together are the model as it was, in %s",
    async (dtype) => {
      const before = await pulled(base(dtype));
      for (const [name, weight] of await rebuilt(base(dtype), { ...asked, method })) {
        // Half a unit in the last place, and twice that where the rest is larger than the weight.
        const rounding = dtype === "bf16" ? 2 ** -7 : 2 ** -22;
        expect(relativeDistance(weight, before.get(name)!)).toBeLessThan(rounding);
      }
    },
  );

  test("the same seed gives the same bytes", async () => {
    const bytes = async (): Promise<Uint8Array[]> => {
      const { adapter } = await init(base(), { ...asked, method, seed: 3 });
      return Promise.all([...adapter.tensors.values()].map((tensor) => tensor.bytes()));
    };
    expect(await bytes()).toEqual(await bytes());
  });
});

test("what is not changed is the same object, and what changes keeps type and shape", async () => {
  const file = base("bf16");
  const made = await init(file, { ...asked, method: "pissa" });
  for (const [name, tensor] of file.tensors) {
    const after = made.base!.tensors.get(name)!;
    if (LAYERS.some((layer) => name === `${nameOf(layer)}.weight`)) {
      expect([after.dtype, after.shape]).toEqual([tensor.dtype, tensor.shape]);
    } else expect(after).toBe(tensor);
  }
});

test("the report states the error of the stored values, and the configuration keeps PEFT from changing them again", async () => {
  const made = await init(base("bf16"), { ...asked, method: "pissa" });
  await pulled(made.base);
  await pulled(made.adapter);
  const report = made.report(outputs);
  const before = await pulled(base("bf16"));
  const after = await rebuilt(base("bf16"), { ...asked, method: "pissa" });
  for (const { tensor, relativeError } of report.modules) {
    expect(relativeDistance(after.get(tensor)!, before.get(tensor)!)).toBeCloseTo(relativeError!, 10);
  }
  expect(report.changedBase?.changed).toBe(3);
  const config = JSON.parse(made.adapter.sidecars.get("adapter_config.json")!) as Record<string, unknown>;
  expect([config["init_lora_weights"], config["r"], config["lora_alpha"]]).toEqual([true, 4, 6]);
});

test("eva moves ranks to the modules that need them, within the budget", async () => {
  const made = await init(base(), { ...asked, method: "eva" });
  await pulled(made.adapter);
  const { modules } = made.report(outputs);
  expect(modules.reduce((sum, { rank }) => sum + rank, 0)).toBe(12);
  for (const { rank, alpha } of modules) expect(alpha).toBeCloseTo((6 * rank) / 4, 12);
});

test("a convolution gets factors with its kernel, an embedding begins as by default, with a warning", async () => {
  const config = { r: 2, target_modules: ["conv", "embed_tokens"] };
  const made = await init(base(), { config, method: "pissa" });
  await pulled(made.base);
  const prefix = "base_model.model.model.";
  const shapes = Object.fromEntries(
    [...made.adapter.tensors].map(([name, { shape }]) => [name.slice(prefix.length), shape]),
  );
  expect(shapes).toEqual({
    "embed_tokens.lora_embedding_A": [2, 10],
    "embed_tokens.lora_embedding_B": [12, 2],
    "layers.0.conv.lora_A.weight": [2, 4, 3, 3],
    "layers.0.conv.lora_B.weight": [6, 2, 1, 1],
  });
  expect(
    (await pulled(made.adapter)).get(`${prefix}embed_tokens.lora_embedding_A`)!.data.every((v) => v === 0),
  ).toBe(true);
  expect(made.report(outputs).warnings).toEqual([
    "pissa is for weights that multiply: 1 embeddings begin as by default",
  ]);
});

test("a weight stored as in × out is turned around, and its base back again", async () => {
  const weight = randomMatrix(12, 8, 4);
  const tensors = [["h.0.attn.c_attn.weight", tensorOfValues(weight.data, "f32", [12, 8])]] as const;
  const file = tensorFile({ name: "gpt2", tensors, sidecars: [["config.json", '{"model_type": "gpt2"}']] });
  const made = await init(file, { config: { r: 3, lora_alpha: 3 }, method: "olora" });
  const rest = (await pulled(made.base)).get("h.0.attn.c_attn.weight")!;
  const factors = await pulled(made.adapter);
  const [down, up] = ["A", "B"].map((side) =>
    factors.get(`base_model.model.h.0.attn.c_attn.lora_${side}.weight`)!,
  );
  const update = multiply(down!, up!, { transA: true, transB: true }); // in × out
  expect(
    relativeDistance({ ...rest, data: rest.data.map((v, i) => v + update.data[i]!) }, weight),
  ).toBeLessThan(2 ** -22);
});

test.each([
  [
    "no gradients",
    { ...asked, method: "lora_ga", gradients: undefined },
    "there is no gradient of model.layers.0.q_proj",
  ],
  [
    "no inputs",
    { ...asked, method: "corda", activations: undefined },
    "there is no input or covariance of model.layers.0.q_proj",
  ],
  [
    "no activations",
    { ...asked, method: "eva", activations: undefined },
    "eva needs the inputs of every module",
  ],
  [
    "a rank too large",
    { method: "pissa", config: { r: 9, target_modules: ["q_proj"] } },
    "rank 9 is above 8, the smaller side of 8 × 12",
  ],
])("what cannot be made is refused: %s", async (_, options: InitOptions, message) => {
  await expect(init(base(), options).then(({ adapter }) => pulled(adapter))).rejects.toThrow(message);
});

test("attention whose projections are packed is given no factors", async () => {
  const tensors = [
    ["attn.in_proj_weight", tensorOfValues(randomMatrix(12, 4, 1).data, "f32", [12, 4])],
  ] as const;
  const asking = init(tensorFile({ name: "base", tensors }), {
    method: "default",
    config: { target_modules: ["attn"] },
  });
  await expect(asking).rejects.toThrow("attn, a module of kind attention, is given no factors by init");
});

test("parameters are given no factors", async () => {
  const layer = nameOf("k_proj"); // no default target of a llama
  const parameters = init(base(), { method: "default", config: { target_parameters: [`${layer}.weight`] } });
  await expect(parameters).rejects.toThrow("the parameter weight is given no factors by init");
});

test("a report before the adapter is written is refused", async () => {
  const made = await init(base(), { ...asked, method: "default" });
  expect(() => made.report(outputs)).toThrow(
    "the report was asked for before module model.layers.0.q_proj was made",
  );
});
