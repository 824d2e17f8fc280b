import { LoraError } from "@lora/tensor";
import type { LoraLayer } from "../layers/lora-layer.ts";
import type { MergeOptions, UnmergeReport } from "../layers/merged-weight.ts";
import type { AdaptedModule, ModuleLayer } from "./base-module.ts";

/** The adapted modules of a model: what is done to all of their layers at once. */
export class AdaptedModules {
  readonly #byName = new Map<string, AdaptedModule>();
  /** Base weights as they were before an adapter changed them, and the adapters that did. */
  readonly #changed = new Map<LoraLayer, { readonly original: Uint8Array; readonly by: Set<string> }>();

  get all(): IterableIterator<AdaptedModule> {
    return this.#byName.values();
  }

  get layers(): ModuleLayer[] {
    return [...this.all].flatMap(({ layers }) => layers);
  }

  get(name: string): AdaptedModule | undefined {
    return this.#byName.get(name);
  }

  add(module: AdaptedModule): void {
    this.#byName.set(module.name, module);
  }

  /** Takes out modules that no adapter is in. */
  prune(): void {
    for (const [name, { layers }] of this.#byName) {
      if (layers.every(({ layer }) => layer.adapters.size === 0)) this.#byName.delete(name);
    }
  }

  clear(): void {
    this.#byName.clear();
    this.#changed.clear();
  }

  forEach(act: (layer: LoraLayer) => void): void {
    for (const { layer } of this.layers) act(layer);
  }

  /** Names of what is merged anywhere. */
  get merged(): Set<string> {
    return new Set(this.layers.flatMap(({ layer }) => layer.mergedAdapters));
  }

  /** Gives a layer another base weight, for as long as this adapter is there. */
  changeBase(layer: LoraLayer, adapter: string, bytes: Uint8Array): void {
    const known = this.#changed.get(layer) ?? { original: layer.weight.bytes, by: new Set() };
    known.by.add(adapter);
    this.#changed.set(layer, known);
    layer.weight.replace(bytes);
  }

  /** Takes an adapter out of all layers, and with the last that changed a base weight the change. */
  delete(name: string): void {
    for (const { layer } of this.layers) {
      layer.deleteAdapter(name);
      this.#restore(layer, name);
    }
    this.prune();
  }

  /** Merges in all layers, or in none where one fails. @returns names of what was merged now */
  async merge(options: MergeOptions): Promise<readonly string[]> {
    const { layers } = this;
    for (const { layer } of layers) await layer.load();
    const undo = layers.map(({ layer }) => layer.snapshot());
    try {
      return [...new Set(layers.flatMap(({ layer, path }) => mergeAt(layer, path, options)))];
    } catch (error) {
      for (const each of undo) each();
      throw error;
    }
  }

  /** Takes all that is merged out; the report is the worst of the layers. */
  unmerge(): UnmergeReport {
    const reports = this.layers.map(({ layer }) => layer.unmerge());
    return {
      exact: reports.every(({ exact }) => exact),
      maxError: reports.reduce((worst, { maxError }) => Math.max(worst, maxError), 0),
    };
  }

  #restore(layer: LoraLayer, adapter: string): void {
    const known = this.#changed.get(layer);
    if (known === undefined || !known.by.delete(adapter) || known.by.size > 0) return;
    layer.weight.replace(known.original);
    this.#changed.delete(layer);
  }

  /** Gives all changed base weights back what they were. */
  restoreAll(): void {
    for (const [layer, { original }] of this.#changed) layer.weight.replace(original);
    this.#changed.clear();
  }
}

function mergeAt(layer: LoraLayer, path: string, options: MergeOptions): readonly string[] {
  try {
    return layer.merge(options);
  } catch (error) {
    throw error instanceof LoraError ? error.at({ module: path }) : error;
  }
}
