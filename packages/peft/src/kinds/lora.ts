import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";

/**
 * ΔW = s · up · down. A convolution has its kernel in `down` (r × in × …kernel) and up is out × r with a kernel of
 * 1; linear layers and 1 × 1 convolutions may store either factor with or without the kernel axes.
 */
export const lora: Kind = {
  id: "lora",
  title: "LoRA",
  source: "Hu et al. 2021, arXiv 2106.09685; convolutions as in LoCon (KohakuBlueleaf/LyCORIS locon.py)",
  required: ["down", "up"],
  optional: ["alpha"],
  describe(parts) {
    const down = requirePart(parts, "down");
    const up = requirePart(parts, "up");
    demandFactor(down, "any");
    demandFactor(up, "none");
    const rank = demandSameRank([
      [down, 0],
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
    const [up, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up"), options),
      readFactor(requirePart(module.parts, "down"), options),
    ]);
    return new LowRankDelta(up, down, { scale: module.scale, engine: options.engine });
  },
};
