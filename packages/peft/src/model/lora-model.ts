import { elementCount, LoraError } from "@lora/tensor";
import { aloraOffsets } from "../layers/alora.ts";
import type { DenseTensor } from "../layers/dense-tensor.ts";
import { BASE } from "../layers/forward-rows.ts";
import type { ForwardOptions } from "../layers/forward-rows.ts";
import type { LoraLayer } from "../layers/lora-layer.ts";
import type { MergeOptions, UnmergeReport } from "../layers/merged-weight.ts";
import type { AttendOptions, MultiheadAttentionLayer } from "../layers/multihead-attention.ts";
import { adaptedModule } from "./base-module.ts";
import type { AdaptedModule } from "./base-module.ts";
import { baseTensors } from "./describe-base.ts";
import { ModelAdapters } from "./model-adapters.ts";
import { layerStatus, modelStatus } from "./status.ts";
import type { LayerStatus, ModelStatus } from "./status.ts";
import { unloadedModel } from "./unload.ts";
import type { UnloadedModel } from "./unload.ts";

/**
 * A base model with adapters, as named weights: what PEFT's `LoraModel` does, without a running model. Weights are read when
 * a calculation needs them. The first adapter becomes active.
 *
 * @see Hu et al. 2021, arXiv 2106.09685; names and rules are those of PEFT 0.21
 */
export class LoraModel extends ModelAdapters {
  /** Modules without adapters that a forward pass went through. */
  readonly #idle = new Map<string, AdaptedModule>();

  /** The scale of an adapter becomes factor · alpha / r (or / √r). @throws LoraError MISSING, USAGE as `LoraLayer.setScale` */
  setScale(name: string, factor: number): void {
    this.demandAll([name]);
    this.modules.forEach((layer) => layer.setScale(name, factor));
  }

  /** Multiplies the scales of the active adapters. @throws LoraError USAGE as `LoraLayer.scaleBy` does */
  scaleBy(factor: number): void {
    this.modules.forEach((layer) => layer.scaleBy(factor));
  }

  /** Divides them; without a factor they become what rank and alpha say. @throws LoraError USAGE as `LoraLayer.unscale` */
  unscale(factor?: number): void {
    this.modules.forEach((layer) => layer.unscale(factor));
  }

  /**
   * The output of one module. Reads its weights when they were not needed before.
   *
   * @throws LoraError MISSING when the model lacks the module, or the batch names an adapter that it lacks; UNSUPPORTED for
   *   a module of several layers; and as `LoraLayer.forward` does
   */
  async forward(module: string, x: DenseTensor, options: ForwardOptions = {}): Promise<DenseTensor> {
    this.demandAll((options.adapterNames ?? []).filter((name) => name !== BASE));
    const { layers } = await this.#loaded(module);
    const [only] = layers;
    if (layers.length === 1 && only !== undefined) return only.layer.forward(x, options);
    throw new LoraError("UNSUPPORTED", `${module} has ${layers.length} layers, and no forward of its own`, {
      advice: "call `attend` for an attention, `layer(path)` for one of its layers",
    });
  }

  /** The output of an attention, and where it looked. @throws LoraError as `forward` does */
  async attend(
    module: string,
    query: DenseTensor,
    options: AttendOptions = {},
  ): Promise<ReturnType<MultiheadAttentionLayer["forward"]>> {
    this.demandAll((options.adapterNames ?? []).filter((name) => name !== BASE));
    const { attention } = await this.#loaded(module);
    if (attention !== undefined) return attention.forward(query, options);
    throw new LoraError("UNSUPPORTED", `${module} is no attention`, { module });
  }

  /** An adapted layer by its path, as `layerStatus` names it. @throws LoraError MISSING when there is none */
  layer(path: string): LoraLayer {
    const found = this.modules.layers.find((each) => each.path === path);
    if (found !== undefined) return found.layer;
    throw new LoraError("MISSING", `no adapter is in a layer ${path}`, { layer: path });
  }

  /**
   * Puts adapters into the weights, everywhere or nowhere: where one layer refuses, none is changed.
   *
   * @returns names of what was merged now
   * @throws LoraError MISSING for a name that is none; and as `LoraLayer.merge` does, with the module
   */
  async merge(options: MergeOptions = {}): Promise<readonly string[]> {
    this.demandAll(options.adapters ?? []);
    return this.modules.merge(options);
  }

  /** Takes all that is merged out. */
  unmerge(): UnmergeReport {
    return this.modules.unmerge();
  }

  /** The weights with adapters merged; the model has none afterwards. @throws LoraError as `merge` and `setAdapters` do */
  async mergeAndUnload(options: Omit<MergeOptions, "keepOriginal"> = {}): Promise<UnloadedModel> {
    const kept = this.kept.together(options.adapters ?? this.activeAdapters);
    await this.merge({ ...options, keepOriginal: false });
    const unloaded = unloadedModel(this.base, this.modules, kept);
    this.clear();
    return unloaded;
  }

  /** The weights of the base as it was made; the model has no adapters afterwards. */
  unload(): UnloadedModel {
    if (this.modules.merged.size > 0) this.unmerge();
    this.modules.restoreAll();
    const unloaded = unloadedModel(this.base, this.modules);
    this.clear();
    return unloaded;
  }

  /** What is in each layer, in the order in which they were adapted. */
  layerStatus(): LayerStatus[] {
    return layerStatus(this.modules.all);
  }

  /** What is in all layers. */
  modelStatus(): ModelStatus {
    const base = [...this.base].flatMap(([name, module]) => [...baseTensors(name, module)]);
    const tensors = new Set(base.map(([, tensor]) => tensor));
    return modelStatus(
      this.modules.all,
      [...tensors].reduce((sum, { shape }) => sum + elementCount(shape), 0),
    );
  }

  /**
   * How many tokens at the end of each sequence its aLoRA acts on; null where the adapter is none, or is not invoked.
   *
   * @param sequences token ids of each sample
   * @param adapterNames of each sample; the first active adapter when left out
   */
  offsets(sequences: readonly ArrayLike<number>[], adapterNames?: readonly string[]): (number | null)[] {
    return sequences.map((sequence, i) => {
      const name = adapterNames?.[i] ?? this.activeAdapters[0];
      const tokens = name === undefined ? undefined : this.configs.get(name)?.alora_invocation_tokens;
      return aloraOffsets([sequence], tokens ?? [])[0] ?? null;
    });
  }

  async #loaded(name: string): Promise<AdaptedModule> {
    const adapted = this.modules.get(name);
    if (adapted !== undefined) this.#idle.delete(name);
    const module = adapted ?? this.#idle.get(name) ?? this.#plain(name);
    for (const { layer } of module.layers) await layer.load();
    return module;
  }

  #plain(name: string): AdaptedModule {
    const base = this.base.get(name);
    const parameters = base?.kind === "parameters" ? Object.keys(base.parameters) : [];
    const module =
      base === undefined ? undefined : adaptedModule(name, base, { engine: this.options.engine, parameters });
    if (module === undefined)
      throw new LoraError("MISSING", `the model has no module ${name} with weights`, { module: name });
    this.#idle.set(name, module);
    return module;
  }
}
