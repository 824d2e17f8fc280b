import { baseOf } from "./_input.ts";
import { columnDots } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/**
 * fᵢ = uᵢᵀ·W·vᵢ: how much the base does along each pair of the update. Positive: the update reinforces the
 * base there; negative: it opposes it; |fᵢ| ≤ σmax(W). The same whatever the signs of the pairs. Where
 * singular values repeat, only the sum over them is defined. One product W·V.
 *
 * @see https://huggingface.co/k4d3/yiff_toolkit (Shrunk LoRA Guide), resize_lora's `subspace`
 */
export const baseSubspaceFactors: Metric<Float64Array> = {
  id: "baseSubspaceFactors",
  title: "base weight along each pair of the update",
  unit: "weight",
  needs: "base",
  compute: (input) => columnDots(input.update.u, baseOf(input).timesInputs(input.update.v)),
};
