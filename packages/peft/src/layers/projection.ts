import { LinearLayer } from "./linear.ts";
import type { AdaptedKind } from "./variant.ts";

/** A projection of an attention: a linear layer that variants of LoRA other than itself do not exist for. */
export class ProjectionLayer extends LinearLayer {
  override readonly kind: AdaptedKind = "attention";
}
