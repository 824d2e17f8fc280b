import { transpose, wideMatrix } from "@lora/linalg";
import { readValues } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind, LoadOptions, Parts } from "./_kind.ts";
import { demandStack, readFactor, readRescale, requirePart } from "./_parts.ts";
import { bounded, cayley, combined, rotatedRows, scaledRows, skewBlocks } from "./_rotation.ts";

/**
 * W′ₖ = Rₖᵀ·Wₖ for each block of b rows, R = (I + Q)·(I − Q)⁻¹ with Q = B − Bᵀ. Alpha is a constraint: where it is above 0,
 * ‖Q‖_F of all blocks together is at most alpha · out. `rescale` multiplies the rows of W′.
 */
export const oft: Kind = {
  id: "oft",
  title: "OFT",
  source: "Qiu et al. 2023, arXiv 2306.07280; LyCORIS diag_oft.py; kohya-ss/sd-scripts networks/oft.py",
  required: ["oft_blocks"],
  optional: ["rescale", "alpha"],
  needsBase: true,
  isWhole: () => true,
  boundedByAlpha: true,
  accepts: (parts) => parts.get("oft_blocks")?.tensor.shape.length !== 4,
  describe(parts) {
    const blocks = requirePart(parts, "oft_blocks");
    const [count, size] = demandStack(blocks, 3);
    return { layer: "linear", shape: [count! * size!, 0], rank: count! * size! };
  },
  async load(module, options = {}) {
    const { parts } = module;
    const w = demandBase(oft, module, options);
    const blocks = await readFactor(requirePart(parts, "oft_blocks"), options);
    const size = parts.get("oft_blocks")!.tensor.shape[1]!;
    const bound = await boundOf(parts, options);
    const skew = bounded(skewBlocks(wideMatrix(blocks).data, size), bound * w.rows);
    const rotations = skew.map((q) => transpose(cayley(q, options)));
    const turned = rotatedRows(w, rotations, options);
    const rescale = await readRescale(parts.get("rescale"), w.rows, options);
    const wanted = rescale === undefined ? turned : scaledRows(turned, rescale);
    return new DenseDelta(combined(wanted, w, -1), { engine: options.engine });
  },
};

/** Infinite where there is no constraint. */
async function boundOf(parts: Parts, { signal }: LoadOptions): Promise<number> {
  const alpha = parts.get("alpha");
  if (alpha === undefined) return Number.POSITIVE_INFINITY;
  const [value = 0] = await readValues(alpha.tensor, { as: "f64", signal });
  return value > 0 ? value : Number.POSITIVE_INFINITY;
}
