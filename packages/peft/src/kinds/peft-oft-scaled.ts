import { scaled, transpose, wideMatrix } from "@lora/linalg";
import { elementCount, LoraError } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandStack, readFactor, readRescale, requirePart } from "./_parts.ts";
import { cayley, combined, halfSkewBlocks, rotatedRows, scaledRows } from "./_rotation.ts";

/**
 * PEFT 0.14 and 0.15: W′ = diag(s)·W·Rᵀ, R block-diagonal of (I − Q)·(I + Q)⁻¹ over the inputs (of a convolution in·k·k),
 * Q = (B − Bᵀ)/2. One block stands for all where they are shared.
 */
export const peftOftScaled: Kind = {
  id: "peft-oft-scaled",
  title: "OFT of PEFT 0.14 and 0.15",
  source: "Qiu et al. 2023, arXiv 2306.07280; PEFT 0.15 tuners/oft/layer.py",
  required: ["oft_r", "oft_s"],
  optional: [],
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const [count, size] = demandStack(requirePart(parts, "oft_r"), 3);
    const out = elementCount(requirePart(parts, "oft_s").tensor.shape);
    return { layer: "linear", shape: [out, count === 1 ? 0 : count! * size!], rank: count! * size! };
  },
  async load(module, options = {}) {
    const w = demandBase(peftOftScaled, module, options);
    const stored = requirePart(module.parts, "oft_r");
    const [, size] = demandStack(stored, 3);
    if (w.cols % size! !== 0) {
      throw new LoraError("SHAPE", `${w.cols} inputs are no whole number of rotations of ${size}`, {
        tensor: stored.name,
        block: size,
        base: [w.rows, w.cols],
      });
    }
    const { data } = wideMatrix(await readFactor(stored, options));
    const { bound = Number.POSITIVE_INFINITY } = module.settings ?? {};
    // PEFT has the outputs here, and the number of blocks over the inputs.
    const blocks = halfSkewBlocks(data, size!, bound * Math.ceil((w.rows * size!) / w.cols) ** 2);
    const turned = rotatedRows(
      transpose(w),
      blocks.map((q) => cayley(scaled(q, -1), options)),
      options,
    );
    const scales = await readRescale(requirePart(module.parts, "oft_s"), w.rows, options);
    return new DenseDelta(combined(scaledRows(transpose(turned), scales!), w, -1), {
      engine: options.engine,
    });
  },
};
