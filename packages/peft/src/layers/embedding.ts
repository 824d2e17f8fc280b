import type { EngineOptions, Matrix } from "@lora/linalg";
import type { DenseTensor } from "./dense-tensor.ts";
import type { FactorShapes } from "./layer-adapter.ts";
import { RowLayer } from "./row-layer.ts";
import type { BaseWeights } from "./lora-layer.ts";
import { idTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { AdaptedKind } from "./variant.ts";

/** What an embedding does besides looking up. */
export interface EmbeddingOptions extends EngineOptions {
  /** What the rows are multiplied with (Gemma's `embed_scale`); 1 when left out. */
  readonly embedScale?: number | undefined;
}

/**
 * An embedding: the rows of W (vocabulary × width) that token ids name. A is r × vocabulary, B width × r, and
 * ΔW = (s·B·A)ᵀ. Inputs are ids of any shape, outputs … × width.
 */
export class EmbeddingLayer extends RowLayer {
  readonly kind: AdaptedKind = "embedding";
  override readonly transposed = true;
  readonly #scale: number;

  constructor(weights: Pick<BaseWeights, "weight">, options: EmbeddingOptions = {}) {
    super(weights, options);
    this.#scale = options.embedScale ?? 1;
  }

  get outputs(): number {
    return this.weight.shape[1] ?? 0;
  }

  /** The size of the vocabulary. */
  get inputs(): number {
    return this.weight.shape[0] ?? 0;
  }

  factorShapes(rank: number): FactorShapes {
    return { down: [rank, this.inputs], up: [this.outputs, rank] };
  }

  protected tokens(x: DenseTensor): Tokens {
    return idTokens(x.data, this.inputs);
  }

  protected output(x: DenseTensor, y: Matrix): DenseTensor {
    const data = this.#scale === 1 ? y.data : y.data.map((value) => value * this.#scale);
    return { shape: [...x.shape, this.outputs], data };
  }
}
