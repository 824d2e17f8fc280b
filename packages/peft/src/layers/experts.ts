import type { EngineOptions, Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { Delta, Factors } from "../delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { arrayLike, precisionOf } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import type { AdapterTensors, FactorShapes, LayerAdapter } from "./layer-adapter.ts";
import { asRows } from "./layer-adapter.ts";
import type { BaseWeights, LayerPass } from "./lora-layer.ts";
import { LoraLayer } from "./lora-layer.ts";
import { addTo } from "./plain.ts";
import type { UpdateBlock } from "./update.ts";
import { updateBlocks } from "./update.ts";
import type { AdaptedKind } from "./variant.ts";

/** Which way round the weight of each expert is. */
export interface ExpertsOptions extends EngineOptions {
  /** The parameter is experts × in × out (the module's `is_transposed`); otherwise experts × out × in. */
  readonly transposed?: boolean | undefined;
}

/**
 * The weights of all experts of a mixture in one parameter of three axes. A is experts·r × in with the experts one after
 * the other, B out × r·experts with the expert as the fastest axis. Inputs are experts × tokens × in.
 */
export class ExpertsLayer extends LoraLayer {
  readonly kind: AdaptedKind = "experts";
  override readonly transposed: boolean;
  override readonly copies: number;

  /** @throws LoraError SHAPE when the parameter has not three axes */
  constructor({ weight }: Pick<BaseWeights, "weight">, options: ExpertsOptions = {}) {
    super({ weight }, options);
    if (weight.shape.length !== 3) {
      throw new LoraError("SHAPE", `a parameter of experts has three axes, not ${shapeText(weight.shape)}`, {
        shape: weight.shape,
        advice: "adapt a parameter of two axes as a linear layer",
      });
    }
    this.transposed = options.transposed ?? false;
    this.copies = weight.shape[0]!;
  }

  get outputs(): number {
    return this.weight.shape[this.transposed ? 2 : 1]!;
  }

  get inputs(): number {
    return this.weight.shape[this.transposed ? 1 : 2]!;
  }

  factorShapes(rank: number): FactorShapes {
    return { down: [this.copies * rank, this.inputs], up: [this.outputs, rank * this.copies] };
  }

  /** As they are stored: those of one expert are `expertFactors`. */
  override denseFactors({ up, down }: AdapterTensors): Factors {
    return { up: asRows(up, this.outputs), down: asRows(down, down.shape[0]!) };
  }

  /** @throws LoraError UNSUPPORTED always: each expert has an update of its own */
  override delta(name: string): Delta {
    throw new LoraError(
      "UNSUPPORTED",
      `adapter ${name} has ${this.copies} updates here, one for each expert`,
      {
        advice: "ask for `expertDelta(name, expert)`",
      },
    );
  }

  /** The update of one expert as factors, scale included. @throws LoraError MISSING when the layer lacks the adapter */
  expertDelta(name: string, expert: number): Delta {
    const adapter = this.adapters.get(name);
    if (adapter === undefined)
      throw new LoraError("MISSING", `these experts have no adapter ${name}`, { adapter: name });
    const { up, down } = this.#factors(adapter, expert);
    return new LowRankDelta(up, down, { scale: adapter.scale, engine: this.engine });
  }

  protected override run(x: DenseTensor, { bytes, adapters, options }: LayerPass): DenseTensor {
    if (options.adapterNames !== undefined) {
      throw new LoraError("UNSUPPORTED", "experts take no mixed batch: a token's sample is not known here");
    }
    if (x.shape.length !== 3 || x.shape[0] !== this.copies || x.shape[2] !== this.inputs) {
      throw new LoraError(
        "SHAPE",
        `the input is ${shapeText(x.shape)}; the experts take ${this.copies} × tokens × ${this.inputs}`,
        {},
      );
    }
    const count = x.shape[1]!;
    const out = arrayLike(x.data, this.copies * count * this.outputs);
    const weights = this.weight.values(this.engine, bytes);
    const size = this.inputs * this.outputs;
    for (let expert = 0; expert < this.copies; expert++) {
      const data = x.data.subarray(expert * count * this.inputs, (expert + 1) * count * this.inputs);
      const weight = asRows(
        { data: weights.subarray(expert * size, (expert + 1) * size) },
        this.weight.shape[1]!,
      );
      const y = this.#one({ rows: count, cols: this.inputs, data }, weight, { expert, adapters });
      out.set(y.data, expert * y.data.length);
    }
    return { shape: [this.copies, count, this.outputs], data: out };
  }

  protected override *updateBlocks(adapter: LayerAdapter): Generator<UpdateBlock> {
    const { transposed, engine } = this;
    const size = this.inputs * this.outputs;
    for (let expert = 0; expert < this.copies; expert++) {
      const factors = this.#factors(adapter, expert);
      const blocks = updateBlocks({
        factors,
        scale: adapter.scale,
        dtype: adapter.updateType,
        transposed,
        engine,
      });
      for (const { from, values } of blocks) yield { from: expert * size + from, values };
    }
  }

  #one(
    x: Matrix,
    weight: Matrix,
    { expert, adapters }: { expert: number; adapters: readonly LayerAdapter[] },
  ): Matrix {
    const options = { engine: this.engine, as: precisionOf(x.data) };
    const y = multiply(x, weight, { ...options, transB: !this.transposed });
    for (const adapter of adapters) {
      const { up, down } = this.#factors(adapter, expert);
      const inner = multiply(x, down, { ...options, transB: true });
      addTo(y, multiply(inner, up, { ...options, transB: true }), adapter.scale);
    }
    return y;
  }

  /** Rows of A that lie together, and every so many columns of B. */
  #factors({ factors: { up, down } }: LayerAdapter, expert: number): Factors {
    const rank = down.rows / this.copies;
    const rows = down.data.subarray(expert * rank * down.cols, (expert + 1) * rank * down.cols);
    const columns = arrayLike(up.data, up.rows * rank);
    for (let i = 0; i < columns.length; i++) columns[i] = up.data[i * this.copies + expert]!;
    return {
      down: { rows: rank, cols: down.cols, data: rows },
      up: { rows: up.rows, cols: rank, data: columns },
    };
  }
}
