import type { EngineOptions } from "@lora/linalg";
import type { LazyTensor } from "@lora/tensor";
import { ConvolutionLayer } from "../layers/convolution.ts";
import type { ConvolutionOptions } from "../layers/convolution.ts";
import { EmbeddingLayer } from "../layers/embedding.ts";
import { ExpertsLayer } from "../layers/experts.ts";
import { HfConv1dLayer } from "../layers/hf-conv1d.ts";
import { LinearLayer } from "../layers/linear.ts";
import type { BaseWeights, LoraLayer } from "../layers/lora-layer.ts";
import { MultiheadAttentionLayer } from "../layers/multihead-attention.ts";
import type { AttentionOptions } from "../layers/multihead-attention.ts";

/**
 * A module of a base model. Weights are tensors of files or of memory, and are read when a calculation needs them.
 * `parameters` is a module whose parameters are adapted one by one: packed experts. `other` has a name and no more.
 */
export type BaseModule =
  | ({ readonly kind: "linear" | "hf-conv1d" } & BaseWeights)
  | ({ readonly kind: "convolution" } & BaseWeights & Omit<ConvolutionOptions, "engine">)
  | { readonly kind: "embedding"; readonly weight: LazyTensor; readonly embedScale?: number | undefined }
  | ({
      readonly kind: "attention";
      readonly inProjection: BaseWeights;
      readonly outProjection: BaseWeights;
    } & Omit<AttentionOptions, "engine">)
  | {
      readonly kind: "parameters";
      /** In the order in which the module has them. */
      readonly parameters: Readonly<Record<string, LazyTensor>>;
      /** They are experts × in × out; otherwise experts × out × in, or out × in. */
      readonly transposed?: boolean | undefined;
    }
  | { readonly kind: "other" };

/** A layer of an adapted module. */
export interface ModuleLayer {
  /** Where PEFT has it: its adapter tensors are `base_model.model.<path>.lora_A.weight` and so on. */
  readonly path: string;
  /** What patterns for rank and alpha are matched with. */
  readonly patternName: string;
  /** Names of its weight and bias in the base model. */
  readonly weightName: string;
  readonly biasName: string;
  readonly layer: LoraLayer;
  /** It is the `out_proj` of an attention, whose update PEFT up to 0.21 applies twice. */
  readonly isAttentionOutput: boolean;
}

/** A module that adapters can be put into. */
export interface AdaptedModule {
  readonly name: string;
  readonly kind: BaseModule["kind"];
  readonly layers: readonly ModuleLayer[];
  /** The whole of an attention, whose forward takes more than its layers. */
  readonly attention?: MultiheadAttentionLayer;
}

/**
 * The layers of a module, without adapters. Nothing is read.
 *
 * @param parameters of a module of kind `parameters`, those that are adapted
 * @returns undefined for a module that has none
 */
export function adaptedModule(
  name: string,
  module: BaseModule,
  { engine, parameters = [] }: EngineOptions & { readonly parameters?: readonly string[] } = {},
): AdaptedModule | undefined {
  if (module.kind === "other") return undefined;
  if (module.kind === "attention") {
    const { inProjection, outProjection, heads, batchFirst } = module;
    const attention = new MultiheadAttentionLayer(inProjection, outProjection, { heads, batchFirst, engine });
    const inner = {
      ...place(name, attention.inProjection),
      weightName: `${name}.in_proj_weight`,
      biasName: `${name}.in_proj_bias`,
    };
    const outer = place(`${name}.out_proj`, attention.outProjection);
    const layers = [
      inner,
      { ...outer, path: `${name}.base_layer.out_proj`, patternName: name, isAttentionOutput: true },
    ];
    return { name, kind: module.kind, layers, attention };
  }
  if (module.kind === "parameters")
    return { name, kind: module.kind, layers: parameterLayers(name, module, parameters, engine) };
  return { name, kind: module.kind, layers: [place(name, layerOf(module, { engine }))] };
}

function layerOf(
  module: Exclude<BaseModule, { kind: "other" | "attention" | "parameters" }>,
  { engine }: EngineOptions,
): LoraLayer {
  if (module.kind === "embedding")
    return new EmbeddingLayer(module, { embedScale: module.embedScale, engine });
  if (module.kind === "convolution") return new ConvolutionLayer(module, { ...module, engine });
  return module.kind === "hf-conv1d"
    ? new HfConv1dLayer(module, { engine })
    : new LinearLayer(module, { engine });
}

/** PEFT wraps once for each parameter, the first innermost. */
function parameterLayers(
  name: string,
  { parameters, transposed }: Extract<BaseModule, { kind: "parameters" }>,
  wanted: readonly string[],
  engine: EngineOptions["engine"],
): ModuleLayer[] {
  const chosen = Object.entries(parameters).filter(([parameter]) => wanted.includes(parameter));
  return chosen.map(([parameter, weight], i) => {
    const isStack = weight.shape.length === 3;
    const layer = isStack
      ? new ExpertsLayer({ weight }, { transposed, engine })
      : new LinearLayer({ weight }, { engine });
    const full = `${name}.${parameter}`;
    const path = name + ".base_layer".repeat(chosen.length - 1 - i);
    return { ...place(name, layer), path, patternName: full, weightName: full };
  });
}

function place(name: string, layer: LoraLayer): ModuleLayer {
  return {
    path: name,
    patternName: name,
    weightName: `${name}.weight`,
    biasName: `${name}.bias`,
    layer,
    isAttentionOutput: false,
  };
}
