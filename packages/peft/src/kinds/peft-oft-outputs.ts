import { wideMatrix } from "@lora/linalg";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandStack, readFactor, requirePart } from "./_parts.ts";
import { cayley, combined, halfSkewBlocks, paddedRows, rotatedRows } from "./_rotation.ts";

/**
 * PEFT before 0.14: W′ = Rᵀ·W, R block-diagonal of (I − Q)·(I + Q)⁻¹ over the outputs, Q = (B − Bᵀ)/2. Where the blocks do not
 * divide the outputs the last one is cut, and R is no rotation. One block stands for all where they are shared.
 */
export const peftOftOutputs: Kind = {
  id: "peft-oft-outputs",
  title: "OFT of PEFT before 0.14",
  source: "Qiu et al. 2023, arXiv 2306.07280; PEFT 0.13 tuners/oft/layer.py",
  required: ["oft_r"],
  optional: [],
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const [count, size] = demandStack(requirePart(parts, "oft_r"), 3);
    return { layer: "linear", shape: [0, 0], rank: count! * size! };
  },
  async load(module, options = {}) {
    const w = demandBase(peftOftOutputs, module, options);
    const stored = requirePart(module.parts, "oft_r");
    const [, size] = demandStack(stored, 3);
    const { data } = wideMatrix(await readFactor(stored, options));
    const { bound = Number.POSITIVE_INFINITY } = module.settings ?? {};
    const blocks = halfSkewBlocks(data, size!, bound * size! ** 2);
    const turned = rotatedRows(
      paddedRows(w, size!),
      // Rᵀ of what is skew.
      blocks.map((q) => cayley(q, options)),
      options,
    );
    const kept = { ...w, data: turned.data.subarray(0, w.data.length) };
    return new DenseDelta(combined(kept, w, -1), { engine: options.engine });
  },
};
