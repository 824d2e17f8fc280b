import { wideMatrix } from "@lora/linalg";
import type { Shape } from "@lora/tensor";
import { elementCount } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, readFactor, requirePart } from "./_parts.ts";
import { onAxis } from "./_scaled-axis.ts";

/**
 * W′ = diag(l)·W, or W·diag(l) where the vector is on the inputs: of a linear layer its shape says which (out × 1 or 1 × in),
 * of a convolution the configuration (`feedforward_modules`). A bias of the layer is multiplied as its outputs are.
 */
export const ia3: Kind = {
  id: "ia3",
  title: "(IA)³",
  source: "Liu et al. 2022, arXiv 2205.05638; PEFT tuners/ia3/layer.py",
  required: ["ia3_l"],
  optional: [],
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const vector = requirePart(parts, "ia3_l");
    demandFactor(vector, "none");
    const { shape } = vector.tensor;
    const [rows = 0, cols = 0, ...kernel] = shape;
    const isConvolution = kernel.length > 0;
    return {
      layer: isConvolution ? "conv" : "linear",
      shape: isConvolution ? [0, 0] : isOnInput(shape) ? [0, cols] : [rows, 0],
      rank: elementCount(shape),
    };
  },
  async load(module, options = {}) {
    const w = demandBase(ia3, module, options);
    const stored = requirePart(module.parts, "ia3_l");
    const { data } = wideMatrix(await readFactor(stored, options));
    const { shape } = stored.tensor;
    const onInput = shape.length > 2 ? module.settings?.onInput === true : isOnInput(shape);
    const by = Float64Array.from(data, (value) => value - 1);
    return new DenseDelta(onAxis(w, by, { onInput, tensor: stored.name }), { engine: options.engine });
  },
};

function isOnInput([rows, cols = 1]: Shape): boolean {
  return rows === 1 && cols > 1;
}
