import type { EngineOptions, Matrix } from "@lora/linalg";
import { multiply, randomMatrix, scaled } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { precisionOf } from "./dense-tensor.ts";
import type { DenseTensor } from "./dense-tensor.ts";
import { adapterScale, asRows } from "./layer-adapter.ts";

/** The sizes of a `Lora`, and where its factors come from. */
export interface LoraOptions extends EngineOptions {
  /** Length of an input. */
  readonly dim: number;
  /** Length of an output. */
  readonly dimOut: number;
  /** Rank; 8 when left out. */
  readonly r?: number | undefined;
  /** scale = alpha / r; 1 when left out. */
  readonly alpha?: number | undefined;
  /** Of the standard normal factors; 0 when left out. */
  readonly seed?: number | undefined;
}

/**
 * A low-rank layer on its own: y = x·A·B·(alpha / r), with A dim × r and B r × dimOut. Both factors are drawn from the
 * standard normal distribution; neither is zero, since there is no base weight that it must leave alone.
 *
 * @see zeta, zeta/nn/modules/lora.py
 */
export class Lora {
  readonly dim: number;
  readonly dimOut: number;
  /** What A·B is multiplied with. */
  readonly scale: number;
  /** dim × r */
  readonly A: Matrix;
  /** r × dimOut */
  readonly B: Matrix;
  readonly #options: EngineOptions;

  /** @throws LoraError USAGE when `r` is not a whole number above 0, or alpha not a number */
  constructor({ dim, dimOut, r = 8, alpha = 1, seed = 0, engine }: LoraOptions) {
    this.dim = dim;
    this.dimOut = dimOut;
    this.scale = adapterScale({ alpha, rank: r, rsLora: false });
    const draws = randomMatrix(dim + dimOut, r, seed);
    this.A = { rows: dim, cols: r, data: draws.data.slice(0, dim * r) };
    this.B = { rows: r, cols: dimOut, data: draws.data.slice(dim * r) };
    this.#options = { engine };
  }

  /** A·B·scale, dim × dimOut. `forward` does without it. */
  get weight(): Matrix {
    return scaled(multiply(this.A, this.B, this.#options), this.scale);
  }

  /**
   * x·A·B·scale, (dim + dimOut)·r work a row. The result has the precision of the input.
   *
   * @param x … × dim
   * @throws LoraError SHAPE when it ends in another size
   */
  forward(x: DenseTensor): DenseTensor {
    if (x.shape.at(-1) !== this.dim) {
      throw new LoraError("SHAPE", `the input ends in ${x.shape.at(-1)}; this LoRA takes ${this.dim}`, {
        shape: x.shape,
      });
    }
    const as = precisionOf(x.data);
    const inner = multiply(asRows(x, x.data.length / this.dim), this.A, { ...this.#options, as });
    const { data } = multiply(inner, this.B, { ...this.#options, as, alpha: this.scale });
    return { shape: [...x.shape.slice(0, -1), this.dimOut], data };
  }
}
