import { elementCount } from "@lora/tensor";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";
import { foldedCore } from "./_tucker.ts";

/**
 * A convolution whose kernel sits in a core between the factors:
 * ΔW[o, i, k] = s · Σ_mn up[o, m] · mid[m, n, k] · down[n, i]. The core folds into `down` exactly, at the same rank.
 */
export const loconTucker: Kind = {
  id: "locon-tucker",
  title: "LoCon with a Tucker core",
  source: "KohakuBlueleaf/LyCORIS locon.py (use_tucker, lora_mid)",
  required: ["down", "mid", "up"],
  optional: ["alpha"],
  describe(parts) {
    const [down, mid, up] = [requirePart(parts, "down"), requirePart(parts, "mid"), requirePart(parts, "up")];
    demandFactor(down, "none");
    demandFactor(mid, "any");
    demandFactor(up, "none");
    const rank = demandSameRank([
      [down, 0],
      [mid, 1],
      [mid, 0],
      [up, 1],
    ]);
    return {
      layer: "conv",
      shape: [up.tensor.shape[0]!, down.tensor.shape[1]!, ...kernelOf(mid.tensor.shape)],
      rank,
    };
  },
  async load(module, options = {}) {
    const { engine } = options;
    const mid = requirePart(module.parts, "mid");
    const [up, core, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up"), options),
      readFactor(mid, options),
      readFactor(requirePart(module.parts, "down"), options),
    ]);
    const kernel = elementCount(kernelOf(mid.tensor.shape));
    return new LowRankDelta(up, foldedCore(core, down, { kernel, engine }), { scale: module.scale, engine });
  },
};
