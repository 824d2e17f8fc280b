import type { Engine, EngineOptions, Matrix } from "@lora/linalg";
import type { LazyTensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { Delta, Factors } from "../delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { AdapterSet } from "./adapter-set.ts";
import { arrayLike } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import { demandNorms, magnitudeFactors, rowNorms, squaredNorms } from "./dora.ts";
import type { ForwardOptions } from "./forward-rows.ts";
import type { AdapterTensors, AdapterWeights, FactorShapes, LayerAdapter } from "./layer-adapter.ts";
import { asRows } from "./layer-adapter.ts";
import { makeAdapter } from "./make-adapter.ts";
import { NormCache } from "./norm-cache.ts";
import { MergedWeight } from "./merged-weight.ts";
import type { MergedAdapter, MergeOptions, UnmergeReport } from "./merged-weight.ts";
import { Parameter } from "./parameter.ts";
import type { UpdateBlock } from "./update.ts";
import { updateBlocks } from "./update.ts";
import type { AdaptedKind, VariantLayer } from "./variant.ts";

/** The weights of a layer of the base model. */
export interface BaseWeights {
  readonly weight: LazyTensor;
  readonly bias?: LazyTensor | undefined;
}

/** What one forward pass calculates with. */
export interface LayerPass {
  /** The stored weight. */
  readonly bytes: Uint8Array;
  readonly bias: Matrix["data"] | undefined;
  /** The adapters that act on all of it. */
  readonly adapters: readonly LayerAdapter[];
  readonly options: ForwardOptions;
}

/**
 * A layer of a base model with adapters: forward, ΔW, merging and back. Kinds of layers differ in the shapes of their
 * factors and in `run`.
 */
export abstract class LoraLayer implements VariantLayer {
  abstract readonly kind: AdaptedKind;
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
  readonly engine: Engine | undefined;
  readonly copies: number = 1;
  readonly groups: number = 1;
  /** The weight is stored as in × out. */
  readonly transposed: boolean = false;
  /** Whether adapters act at all. */
  enabled = true;
  readonly #set = new AdapterSet();
  readonly #merged: MergedWeight;
  readonly #norms = new NormCache();

  constructor({ weight, bias }: BaseWeights, { engine }: EngineOptions = {}) {
    this.weight = new Parameter(weight);
    this.bias = bias === undefined ? undefined : new Parameter(bias);
    this.engine = engine;
    this.#merged = new MergedWeight(this.weight, this.bias);
  }

  abstract get outputs(): number;
  abstract get inputs(): number;
  /** Shapes of the factors of rank r, as PEFT stores them. */
  abstract factorShapes(rank: number): FactorShapes;
  /** The output with these weights and adapters. */
  protected abstract run(x: DenseTensor, pass: LayerPass): DenseTensor;

  get adapters(): ReadonlyMap<string, LayerAdapter> {
    return this.#set.all;
  }

  /** Names of the active adapters, in the order in which they act. */
  get activeAdapters(): readonly string[] {
    return this.#set.activeNames;
  }

  /** Names of the adapters that are in the weight, in the order of merging. */
  get mergedAdapters(): readonly string[] {
    return this.#merged.names;
  }

  /** Reads weight and bias, once. Everything but adding adapters and their ΔW needs it. */
  async load(signal?: AbortSignal): Promise<void> {
    await Promise.all([this.weight.load(signal), this.bias?.load(signal)]);
  }

  /**
   * Puts an adapter in, or another in its place. It is not active by that.
   *
   * @throws LoraError as `makeAdapter` does; USAGE when the adapter that is replaced is merged
   */
  addAdapter(name: string, weights: AdapterWeights): void {
    this.#demandUnmerged(name, "replaced");
    this.#set.all.set(name, makeAdapter(this, name, weights));
    this.#norms.delete(name);
  }

  /**
   * Takes an adapter out; one that is not there is no fault. When none is left active, the first of the others in
   * alphabetical order becomes it.
   *
   * @throws LoraError USAGE when it is merged
   */
  deleteAdapter(name: string): void {
    this.#demandUnmerged(name, "deleted");
    this.#set.delete(name);
    this.#norms.delete(name);
  }

  /** Makes these the active adapters, in this order. Names that this layer lacks are kept and do nothing. */
  setAdapters(names: readonly string[]): void {
    this.#set.activate(names);
  }

  /**
   * The scale of an adapter becomes factor · alpha / r (or / √r). Without that adapter nothing happens.
   *
   * @throws LoraError USAGE when it is merged, or the factor is not finite
   */
  setScale(name: string, factor: number): void {
    this.#demandUnmerged(name, "scaled");
    this.#set.setScale(name, factor);
  }

  /** Multiplies the scales of the active adapters. @throws LoraError USAGE as `setScale` does */
  scaleBy(factor: number): void {
    for (const { name } of this.#set.active) this.#demandUnmerged(name, "scaled");
    this.#set.scaleBy(factor);
  }

  /**
   * Divides the scales of the active adapters; without a factor they become what rank and alpha say.
   *
   * @throws LoraError USAGE as `setScale` does, and for a factor of 0
   */
  unscale(factor?: number): void {
    for (const { name } of this.#set.active) this.#demandUnmerged(name, "scaled");
    this.#set.unscale(factor);
  }

  /**
   * The update as factors, scale included: norms, products and SVD without forming it.
   *
   * @throws LoraError MISSING when the layer lacks the adapter
   */
  delta(name: string): Delta {
    const { factors, scale } = this.#set.get(name);
    return new LowRankDelta(factors.up, factors.down, { scale, engine: this.engine });
  }

  /**
   * The update as values, in the layout of the weight and rounded as PEFT rounds it.
   *
   * @throws LoraError MISSING when the layer lacks the adapter
   */
  deltaWeight(name: string): DenseTensor {
    const adapter = this.#set.get(name);
    const shape = this.updateShape;
    const data = arrayLike(
      adapter.factors.up.data,
      shape.reduce((product, size) => product * size, 1),
    );
    for (const { from, values } of this.updateBlocks(adapter)) data.set(values, from);
    return { shape, data };
  }

  /**
   * The output with the active adapters, or each sample's own. What is merged acts through the weight; disabled adapters
   * do not act even then. The result has the precision of the input.
   *
   * @throws LoraError USAGE when names are given while adapters are merged; SHAPE as `forwardRows` does; MISSING when the
   *   weight has not been loaded
   */
  forward(x: DenseTensor, options: ForwardOptions = {}): DenseTensor {
    const merged = this.mergedAdapters.length > 0;
    if (options.adapterNames !== undefined && merged) {
      throw new LoraError("USAGE", "a batch cannot choose its adapters while some are merged", {
        merged: this.mergedAdapters,
        advice: "unmerge first",
      });
    }
    const original = merged && !this.enabled;
    const bias = this.bias?.values(undefined, original ? this.#merged.unmergedBias() : undefined);
    const bytes = original ? this.#merged.unmerged().bytes : this.weight.bytes;
    const adapters = this.enabled && !merged ? this.#set.active : [];
    return this.run(x, { bytes, bias, adapters, options: this.enabled ? options : {} });
  }

  /**
   * Puts adapters into the weight, in order; those that are there already are left. All of them, or none where one fails.
   *
   * @returns names of what was merged now
   * @throws LoraError UNSUPPORTED when an adapter has no merged weight; and as `MergedWeight.merge` does
   */
  merge({ adapters, safe = false, keepOriginal = true }: MergeOptions = {}): readonly string[] {
    const names = adapters ?? this.#set.activeNames;
    const merged = new Set(this.mergedAdapters);
    const todo = [...new Set(names)].flatMap((name) =>
      merged.has(name) ? [] : (this.#set.all.get(name) ?? []),
    );
    this.#merged.merge(
      todo.map((adapter) => this.#mergeOf(adapter, safe)),
      keepOriginal,
    );
    return todo.map(({ name }) => name);
  }

  /** Takes out all that was merged: exactly where the original was kept, else with the error that the report states. */
  unmerge(): UnmergeReport {
    return this.#merged.unmerge();
  }

  /** Remembers what is merged. @returns what brings weight and bias back to it */
  snapshot(): () => void {
    return this.#merged.snapshot();
  }

  /** @param cross W·Aᵀ, out × r, where it is known */
  norms(adapter: LayerAdapter, cross?: Matrix): Float64Array {
    const { bytes } = this.#merged.unmerged();
    const { transposed, engine } = this;
    return this.#norms.of(adapter, bytes, () => {
      const weight = { matrix: this.stored(bytes), transposed };
      const squares = this.#norms.squares(bytes, () => squaredNorms(weight));
      const norms = rowNorms(weight, adapter.factors, adapter.scale, { engine, squares, cross });
      demandNorms(norms, adapter.name);
      return norms;
    });
  }

  /** Whether the adapter is one with norms, and they have to be made. */
  protected lacksNorms(adapter: LayerAdapter): boolean {
    const { bytes } = this.#merged.unmerged();
    return adapter.tensors.magnitude !== undefined && this.#norms.known(adapter, bytes) === undefined;
  }

  /** The factors as matrices. */
  denseFactors(tensors: AdapterTensors): Factors {
    const up = asRows(tensors.up, this.outputs);
    return { up, down: asRows(tensors.down, up.cols) };
  }

  /** Of the update: that of the weight, where the two agree. */
  protected get updateShape(): readonly number[] {
    return this.weight.shape;
  }

  /** The update piece by piece, in the layout of the weight. */
  protected updateBlocks({ factors, scale, updateType: dtype }: LayerAdapter): Iterable<UpdateBlock> {
    const { transposed, engine } = this;
    return updateBlocks({ factors, scale, dtype, transposed, engine });
  }

  /** Why nothing can be merged into this layer; undefined where it can. */
  protected get unmergeable(): string | undefined {
    return undefined;
  }

  /** The weight as a matrix, the way round that it is stored. */
  protected stored(bytes: Uint8Array): Matrix {
    const data = this.weight.values(this.engine, bytes);
    return asRows({ data }, this.transposed ? this.inputs : this.outputs);
  }

  #mergeOf(adapter: LayerAdapter, safe: boolean): MergedAdapter {
    const reason = this.unmergeable ?? adapter.variant.unmergeable;
    if (reason !== undefined) {
      throw new LoraError("UNSUPPORTED", `adapter ${adapter.name} cannot be merged: ${reason}`, {
        adapter: adapter.name,
      });
    }
    const frozen = { ...adapter };
    const blocks = (): Iterable<UpdateBlock> => this.updateBlocks(frozen);
    return {
      adapter: frozen,
      merge: { adapter: adapter.name, blocks, safe, factor: this.#factorOf(adapter) },
    };
  }

  #factorOf(adapter: LayerAdapter): ((index: number) => number) | undefined {
    const magnitude = adapter.tensors.magnitude?.data;
    if (magnitude === undefined) return undefined;
    const factors = magnitudeFactors(magnitude, this.norms(adapter));
    const { outputs, inputs } = this;
    return this.transposed
      ? (index) => factors[index % outputs]!
      : (index) => factors[Math.floor(index / inputs)]!;
  }

  #demandUnmerged(name: string, what: string): void {
    if (!this.mergedAdapters.includes(name)) return;
    throw new LoraError("USAGE", `adapter ${name} cannot be ${what} while it is merged`, {
      adapter: name,
      advice: "unmerge first",
    });
  }
}
