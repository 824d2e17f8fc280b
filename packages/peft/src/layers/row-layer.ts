import type { Matrix } from "@lora/linalg";
import type { DenseTensor } from "./dense-tensor.ts";
import { forwardRows } from "./forward-rows.ts";
import type { LayerAdapter } from "./layer-adapter.ts";
import type { LayerPass } from "./lora-layer.ts";
import { LoraLayer } from "./lora-layer.ts";
import { turned } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";

/**
 * A layer that is a product with one weight, y = x · Wᵀ, on the rows of its input. Kinds differ in how an input becomes
 * rows (`tokens`) and rows become the output.
 */
export abstract class RowLayer extends LoraLayer {
  /** The input as rows that the weight is multiplied with. */
  protected abstract tokens(x: DenseTensor): Tokens;
  /** The output out of its rows. */
  protected abstract output(x: DenseTensor, y: Matrix): DenseTensor;

  protected override run(x: DenseTensor, { bytes, bias, adapters, options }: LayerPass): DenseTensor {
    const tokens = this.tokens(x);
    const y = this.#baseAndNorms(
      tokens,
      bytes,
      adapters.find((adapter) => this.lacksNorms(adapter)),
    );
    forwardRows({ layer: this, tokens, y, bias, samples: this.samples(x), active: adapters }, options);
    return this.output(x, y);
  }

  /** How many samples an input holds. */
  protected samples(x: DenseTensor): number {
    return x.shape[0] ?? 1;
  }

  /** x · Wᵀ, and in the same pass over W the product A·Wᵀ that norms which are not known are made from. */
  #baseAndNorms(tokens: Tokens, bytes: Uint8Array, lacking: LayerAdapter | undefined): Matrix {
    const stacked = lacking && tokens.with?.(lacking.factors.down);
    if (lacking === undefined || stacked === undefined) return this.base(tokens, bytes);
    const { data } = this.base(stacked, bytes);
    const [count, cols] = [tokens.count, this.outputs];
    const cross = { rows: stacked.count - count, cols, data: data.subarray(count * cols) };
    this.norms(lacking, turned(cross));
    return { rows: count, cols, data: data.subarray(0, count * cols) };
  }

  /** x · Wᵀ */
  protected base(tokens: Tokens, bytes: Uint8Array): Matrix {
    return tokens.times({ matrix: this.stored(bytes), transposed: this.transposed });
  }
}
