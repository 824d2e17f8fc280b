import { wideMatrix } from "@lora/linalg";
import { elementCount, readValues } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandFilled, readFactor, requirePart } from "./_parts.ts";
import { onAxis } from "./_scaled-axis.ts";

/** ΔW = diag(l)·W, or W·diag(l) where the flag beside it says that it is on the inputs. */
export const ia3Difference: Kind = {
  id: "ia3-difference",
  title: "(IA)³ of LyCORIS",
  source: "Liu et al. 2022, arXiv 2205.05638; LyCORIS ia3.py",
  required: ["ia3_weight", "on_input"],
  optional: ["alpha"],
  needsBase: true,
  isWhole: () => true,
  boundedByAlpha: true,
  describe(parts) {
    const vector = requirePart(parts, "ia3_weight");
    requirePart(parts, "on_input");
    demandFilled(vector);
    const { shape } = vector.tensor;
    // The axis is a value, which headers do not hold.
    return { layer: shape.length > 2 ? "conv" : "linear", shape: [0, 0], rank: elementCount(shape) };
  },
  async load(module, options = {}) {
    const w = demandBase(ia3Difference, module, options);
    const stored = requirePart(module.parts, "ia3_weight");
    const by = wideMatrix(await readFactor(stored, options)).data;
    const [flag] = await readValues(requirePart(module.parts, "on_input").tensor, { signal: options.signal });
    const scaledBy = Float64Array.from(by, (value) => module.scale * value);
    return new DenseDelta(onAxis(w, scaledBy, { onInput: flag !== 0, tensor: stored.name }), {
      engine: options.engine,
    });
  },
};
