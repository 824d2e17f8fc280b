import type { LazyTensor } from "@lora/tensor";
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import type { LoraConfig } from "../config/lora-config.ts";
import type { DenseTensor } from "../layers/dense-tensor.ts";
import { dense, lazy } from "../layers/goldens.test-helper.ts";
import type { Stored } from "../layers/goldens.test-helper.ts";
import type { BaseModule } from "./base-module.ts";
import { LoraModel } from "./lora-model.ts";
import golden from "./model.golden.json" with { type: "json" };

const base = golden.base as Readonly<Record<string, Stored>>;
const at = (name: string): LazyTensor => lazy(base[name]!);
const linear = (name: string): BaseModule => ({
  kind: "linear",
  weight: at(`${name}.weight`),
  bias: at(`${name}.bias`),
});

/** The model of the golden file: one module of every kind. */
export function net(): LoraModel {
  const modules: readonly (readonly [string, BaseModule])[] = [
    ["embed", { kind: "embedding", weight: at("embed.weight") }],
    ["q", linear("q")],
    ["v", linear("v")],
    ["conv", { kind: "convolution", weight: at("conv.weight"), bias: at("conv.bias"), padding: 1 }],
    [
      "mha",
      {
        kind: "attention",
        heads: 2,
        batchFirst: true,
        inProjection: { weight: at("mha.in_proj_weight"), bias: at("mha.in_proj_bias") },
        outProjection: { weight: at("mha.out_proj.weight"), bias: at("mha.out_proj.bias") },
      },
    ],
    [
      "experts",
      {
        kind: "parameters",
        parameters: { gate_up_proj: at("experts.gate_up_proj"), down_proj: at("experts.down_proj") },
      },
    ],
    ["head", linear("head")],
  ];
  return new LoraModel(modules);
}

/** A configuration as the golden file holds it. */
export function configOf(stored: unknown): LoraConfig {
  return loraConfig(stored as LoraConfigOptions);
}

/** Tensors as the golden file holds them. */
export function tensorsOf(stored: object): Map<string, LazyTensor> {
  return new Map(
    Object.entries(stored as Record<string, Stored>).map(([key, tensor]) => [key, lazy(tensor)]),
  );
}

/** What the model makes of the golden inputs: head, convolution, experts. */
export async function outputsOf(model: LoraModel): Promise<DenseTensor[]> {
  const embedded = await model.forward("embed", dense(golden.ids));
  const [q, v] = [await model.forward("q", embedded), await model.forward("v", embedded)];
  const x = { shape: q.shape, data: q.data.map((value, i) => value + v.data[i]!) };
  const { y } = await model.attend("mha", x);
  return [
    await model.forward("head", y),
    await model.forward("conv", dense(golden.image)),
    await experts(model),
  ];
}

/** PEFT wraps once for each parameter, the first innermost. */
async function experts(model: LoraModel): Promise<DenseTensor> {
  const isAdapted = model.layerStatus().some(({ name }) => name === "experts");
  if (!isAdapted) return dense(golden.plain[2]!);
  const [inner, outer] = [model.layer("experts.base_layer"), model.layer("experts")];
  await Promise.all([inner.load(), outer.load()]);
  return outer.forward(inner.forward(dense(golden.tokens)));
}
