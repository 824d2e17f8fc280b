import type { Matrix } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { DenseTensor } from "./dense-tensor.ts";
import type { FactorShapes } from "./layer-adapter.ts";
import { asRows } from "./layer-adapter.ts";
import { RowLayer } from "./row-layer.ts";
import { rowTokens } from "./tokens.ts";
import type { Tokens } from "./tokens.ts";
import type { AdaptedKind } from "./variant.ts";

/** A linear layer: y = x·Wᵀ + b with W out × in. A is r × in, B out × r. Inputs are … × in. */
export class LinearLayer extends RowLayer {
  readonly kind: AdaptedKind = "linear";

  get outputs(): number {
    return this.weight.shape[0] ?? 0;
  }

  get inputs(): number {
    return this.weight.shape[1] ?? 0;
  }

  factorShapes(rank: number): FactorShapes {
    return { down: [rank, this.inputs], up: [this.outputs, rank] };
  }

  protected tokens(x: DenseTensor): Tokens {
    if (x.shape.at(-1) !== this.inputs) {
      throw new LoraError("SHAPE", `the input ends in ${x.shape.at(-1)}; the layer takes ${this.inputs}`, {
        input: shapeText(x.shape),
        weight: shapeText(this.weight.shape),
      });
    }
    return rowTokens(asRows(x, x.data.length / this.inputs), this.engine);
  }

  protected output(x: DenseTensor, y: Matrix): DenseTensor {
    return { shape: [...x.shape.slice(0, -1), this.outputs], data: y.data };
  }

  protected override samples(x: DenseTensor): number {
    return x.shape.length > 1 ? x.shape[0]! : 1;
  }
}
