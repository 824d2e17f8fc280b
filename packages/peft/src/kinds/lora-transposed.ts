import { transpose, wideMatrix } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import type { NamedTensor } from "../adapter.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, demandSameRank, readFactor, requirePart } from "./_parts.ts";

/** ΔW = s · (a · b)ᵀ with a in × r and b r × out: LoRA in a framework that multiplies from the right. */
export const loraTransposed: Kind = {
  id: "lora-transposed",
  title: "LoRA with transposed factors",
  source: "ml-explore/mlx-lm mlx_lm/tuner/lora.py",
  required: ["down-transposed", "up-transposed"],
  optional: [],
  describe(parts) {
    const [down, up] = [requirePart(parts, "down-transposed"), requirePart(parts, "up-transposed")];
    demandMatrix(down);
    demandMatrix(up);
    const rank = demandSameRank([
      [down, 1],
      [up, 0],
    ]);
    return { layer: "linear", shape: [up.tensor.shape[1]!, down.tensor.shape[0]!], rank };
  },
  async load(module, options = {}) {
    const [up, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up-transposed"), options),
      readFactor(requirePart(module.parts, "down-transposed"), options),
    ]);
    const { scale } = module;
    return new LowRankDelta(transpose(wideMatrix(up)), transpose(wideMatrix(down)), {
      scale,
      engine: options.engine,
    });
  },
};

/** Experts are stacked in a third axis, which is no kernel. */
function demandMatrix(factor: NamedTensor): void {
  demandFactor(factor, "any");
  const { shape } = factor.tensor;
  if (shape.length === 2) return;
  throw new LoraError("SHAPE", `a transposed factor must be a matrix, and is ${shapeText(shape)}`, {
    tensor: factor.name,
    shape,
    advice: "adapters of stacked experts are not read",
  });
}
