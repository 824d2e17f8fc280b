import { LinearLayer } from "./linear.ts";
import type { AdaptedKind } from "./variant.ts";

/** GPT-2's `Conv1D`: a linear layer whose weight is stored as in × out. The factors are those of a linear layer. */
export class HfConv1dLayer extends LinearLayer {
  override readonly kind: AdaptedKind = "hf-conv1d";
  override readonly transposed = true;

  override get outputs(): number {
    return this.weight.shape[1] ?? 0;
  }

  override get inputs(): number {
    return this.weight.shape[0] ?? 0;
  }
}
