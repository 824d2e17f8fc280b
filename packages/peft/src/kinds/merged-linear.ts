import type { AnyMatrix, Float64Matrix } from "@lora/linalg";
import { wideMatrix, zeros } from "@lora/linalg";
import { LoraError, shapeText } from "@lora/tensor";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, readFactor, requirePart } from "./_parts.ts";

/** A layer without parts is one part, which has an update. */
const WHOLE: readonly boolean[] = [true];

/**
 * The update of a fused layer of equal parts (queries, keys, values), of which some have a pair of their own: their
 * downs on top of each other in `down` (g·r × in), their ups in `up` (g·o × r). Exactly a product of inner size g·r
 * whose up is block-diagonal, with rows of zeros for the other parts.
 */
export const mergedLinear: Kind = {
  id: "merged-linear",
  title: "MergedLinear",
  source: "microsoft/LoRA loralib/layers.py MergedLinear; PEFT 0.2 tuners/lora.py",
  required: ["down", "up"],
  optional: [],
  describe(parts, enabled = WHOLE) {
    const [down, up] = [requirePart(parts, "down"), requirePart(parts, "up")];
    demandFactor(down, "none");
    demandFactor(up, "none");
    const groups = enabled.filter(Boolean).length;
    const [height, width] = [down.tensor.shape[0]!, down.tensor.shape[1]!];
    const [rows, rank] = [up.tensor.shape[0]!, up.tensor.shape[1]!];
    if (height !== groups * rank || rows % groups !== 0) {
      throw new LoraError(
        "SHAPE",
        `${groups} merged pairs cannot be ${shapeText(down.tensor.shape)} and ${shapeText(up.tensor.shape)}`,
        { tensor: up.name, partner: down.name, enabled },
      );
    }
    return {
      layer: "linear",
      shape: [(rows / groups) * enabled.length, width],
      rank: height,
      alphaRank: rank,
    };
  },
  async load(module, options = {}) {
    const [up, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up"), options),
      readFactor(requirePart(module.parts, "down"), options),
    ]);
    const placed = blockDiagonal(up, module.enabled ?? WHOLE);
    return new LowRankDelta(placed, down, { scale: module.scale, engine: options.engine });
  },
};

/** (o·parts) × (r·g): the block of the e-th part that has one in its rows, and in the e-th r columns. */
function blockDiagonal(stacked: AnyMatrix, enabled: readonly boolean[]): Float64Matrix {
  const { rows, cols: rank, data } = wideMatrix(stacked);
  const places = enabled.flatMap((on, place) => (on ? [place] : []));
  const height = rows / places.length;
  const result = zeros(height * enabled.length, rank * places.length);
  places.forEach((place, group) => {
    for (let row = 0; row < height; row++) {
      const from = (group * height + row) * rank;
      result.data.set(data.subarray(from, from + rank), (place * height + row) * result.cols + group * rank);
    }
  });
  return result;
}
