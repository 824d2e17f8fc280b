import { LoraError } from "@lora/tensor";
import { adapterScale } from "./layer-adapter.ts";
import type { LayerAdapter } from "./layer-adapter.ts";

/** The adapters of one layer: which there are, which are active, and how strong they are. */
export class AdapterSet {
  readonly all: Map<string, LayerAdapter> = new Map();
  #active: readonly string[] = [];

  /** Names of the active adapters, in the order in which they act; some may be in other layers only. */
  get activeNames(): readonly string[] {
    return this.#active;
  }

  /** The active adapters of this layer, in order. */
  get active(): LayerAdapter[] {
    return this.#active.flatMap((name) => this.all.get(name) ?? []);
  }

  activate(names: readonly string[]): void {
    this.#active = [...new Set(names)];
  }

  /** @throws LoraError MISSING when there is no such adapter */
  get(name: string): LayerAdapter {
    const adapter = this.all.get(name);
    if (adapter !== undefined) return adapter;
    throw new LoraError("MISSING", `this layer has no adapter ${name}`, {
      adapter: name,
      adapters: [...this.all.keys()],
    });
  }

  /** Takes an adapter out. When none is left active, the first of the others in alphabetical order becomes it. */
  delete(name: string): void {
    if (!this.all.delete(name)) return;
    const left = this.#active.filter((other) => other !== name);
    const [first] = [...this.all.keys()].sort();
    this.#active = left.length > 0 || first === undefined ? left : [first];
  }

  /** The scale of an adapter becomes factor · alpha / r (or / √r). Without that adapter nothing happens. */
  setScale(name: string, factor: number): void {
    const adapter = this.all.get(name);
    if (adapter !== undefined) adapter.scale = demandFactor(factor) * adapterScale(adapter);
  }

  /** Multiplies the scale of each active adapter. */
  scaleBy(factor: number): void {
    demandFactor(factor);
    for (const adapter of this.active) adapter.scale *= factor;
  }

  /** Divides the scale of each active adapter; without a factor it becomes what rank and alpha say. */
  unscale(factor?: number): void {
    if (factor === 0) {
      throw new LoraError("USAGE", "a scale cannot be divided by 0", {
        advice: "leave the factor out to go back to alpha / r",
      });
    }
    for (const adapter of this.active) {
      adapter.scale = factor === undefined ? adapterScale(adapter) : adapter.scale / demandFactor(factor);
    }
  }
}

function demandFactor(factor: number): number {
  if (Number.isFinite(factor)) return factor;
  throw new LoraError("USAGE", `a scale factor must be a number, not ${factor}`, { factor: String(factor) });
}
