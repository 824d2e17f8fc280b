import type { AnyMatrix, Float64Matrix } from "@lora/linalg";
import { wideMatrix } from "@lora/linalg";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";

/** ΔW = s · up · diag(singular) · down: singular values that training prunes, between factors kept near orthogonal. */
export const adalora: Kind = {
  id: "adalora",
  title: "AdaLoRA",
  source: "Zhang et al. 2023, arXiv 2303.10512; PEFT tuners/adalora/layer.py",
  required: ["down", "singular", "up"],
  optional: [],
  describe(parts) {
    const down = requirePart(parts, "down");
    const [singular, up] = [requirePart(parts, "singular"), requirePart(parts, "up")];
    demandFactor(down, "any");
    demandFactor(singular, "none");
    demandFactor(up, "none");
    const rank = demandSameRank([
      [down, 0],
      [singular, 0],
      [up, 1],
    ]);
    const kernel = kernelOf(down.tensor.shape);
    return {
      layer: kernel.length > 0 ? "conv" : "linear",
      shape: [up.tensor.shape[0]!, down.tensor.shape[1]!, ...kernel],
      rank,
    };
  },
  async load(module, options = {}) {
    const [up, singular, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up"), options),
      readFactor(requirePart(module.parts, "singular"), options),
      readFactor(requirePart(module.parts, "down"), options),
    ]);
    return new LowRankDelta(up, rowsTimes(down, singular), { scale: module.scale, engine: options.engine });
  },
};

/** diag(weights) · a */
function rowsTimes(factor: AnyMatrix, weights: AnyMatrix): Float64Matrix {
  const [a, { data }] = [wideMatrix(factor), wideMatrix(weights)];
  return { ...a, data: Float64Array.from(a.data, (value, at) => value * data[Math.floor(at / a.cols)]!) };
}
