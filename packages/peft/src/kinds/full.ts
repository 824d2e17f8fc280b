import type { Kind } from "./_kind.ts";
import { demandFactor, kernelOf, readFactor, requirePart } from "./_parts.ts";
import { DenseDelta } from "../dense-delta.ts";

/** ΔW as it is, of any rank. Alpha means nothing here. */
export const full: Kind = {
  id: "full",
  title: "full difference",
  source: "KohakuBlueleaf/LyCORIS full.py; ComfyUI comfy/lora.py (diff)",
  required: ["diff"],
  optional: ["alpha"],
  isWhole: () => true,
  describe(parts) {
    const diff = requirePart(parts, "diff");
    demandFactor(diff, "any");
    const { shape } = diff.tensor;
    const [out = 0, ...inner] = shape;
    return {
      layer: kernelOf(shape).length > 0 ? "conv" : "linear",
      shape,
      rank: Math.min(
        out,
        inner.reduce((product, size) => product * size, 1),
      ),
      alphaRank: 0,
    };
  },
  async load(module, options = {}) {
    const diff = await readFactor(requirePart(module.parts, "diff"), options);
    return new DenseDelta(diff, { scale: module.scale, engine: options.engine });
  },
};
