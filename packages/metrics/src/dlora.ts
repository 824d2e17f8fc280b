import type { BaseWeight } from "./base-weight.ts";
import { baseFrobeniusNorm } from "./metrics/base-frobenius-norm.ts";
import { baseSpectralNorm } from "./metrics/base-spectral-norm.ts";
import { baseSubspaceFactors } from "./metrics/base-subspace-factors.ts";
import { subspaceRatios } from "./metrics/subspace-ratios.ts";
import { svalRatios } from "./metrics/sval-ratios.ts";
import type { Update } from "./update.ts";

/** The attributes of the Shrunk LoRA Guide's `DLoRA`. */
export interface DLoRA {
  /** σmax(W) */
  readonly baseSpectralNorm: number;
  /** ‖W‖_F */
  readonly baseFrobeniusNorm: number;
  /** fᵢ = uᵢᵀ·W·vᵢ, signed */
  readonly baseSubspaceFactors: Float64Array;
  /** σᵢ / |fᵢ| */
  readonly subspaceRatios: Float64Array;
  /** σᵢ / σmax(W) */
  readonly svalRatios: Float64Array;
}

/**
 * An update against its base weight under the names of the Shrunk LoRA Guide.
 *
 * @throws LoraError SHAPE when update and base differ in size
 * @see https://huggingface.co/k4d3/yiff_toolkit
 */
export function dlora(update: Update, base: BaseWeight): DLoRA {
  const input = { update, base };
  return {
    baseSpectralNorm: baseSpectralNorm.compute(input),
    baseFrobeniusNorm: baseFrobeniusNorm.compute(input),
    baseSubspaceFactors: baseSubspaceFactors.compute(input),
    subspaceRatios: subspaceRatios.compute(input),
    svalRatios: svalRatios.compute(input),
  };
}
