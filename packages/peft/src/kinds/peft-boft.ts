import type { Float64Matrix } from "@lora/linalg";
import { scaled, transpose, wideMatrix } from "@lora/linalg";
import { elementCount } from "@lora/tensor";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandStack, readFactor, readRescale, requirePart } from "./_parts.ts";
import { cayley, combined, reordered, rotatedRows, scaledRows, skewBlocks } from "./_rotation.ts";

/**
 * W′ = diag(s)·W·Mᵀ with M = Pₘ·Rₘ·Pₘᵀ···P₁·R₁·P₁ᵀ over the inputs (of a convolution in·k·k): Rᵢ is block-diagonal of
 * (I − Q)·(I + Q)⁻¹ with Q = (B − Bᵀ)/2, and Pᵢ sorts half-blocks, even before odd, in groups of 2ⁱ⁻¹ blocks.
 */
export const peftBoft: Kind = {
  id: "peft-boft",
  title: "BOFT of PEFT",
  source: "Liu et al. 2023, arXiv 2311.06243; PEFT tuners/boft/layer.py",
  required: ["boft_R", "boft_s"],
  optional: [],
  needsBase: true,
  isWhole: () => true,
  describe(parts) {
    const [, count, size] = demandStack(requirePart(parts, "boft_R"), 4);
    const out = elementCount(requirePart(parts, "boft_s").tensor.shape);
    return { layer: "linear", shape: [out, count! * size!], rank: Math.min(out, count! * size!) };
  },
  async load(module, options = {}) {
    const w = demandBase(peftBoft, module, options);
    const stored = requirePart(module.parts, "boft_R");
    const [factors, , size] = demandStack(stored, 4);
    const { data } = wideMatrix(await readFactor(stored, options));
    const each = data.length / factors!;
    let turned: Float64Matrix = transpose(w);
    for (let factor = 0; factor < factors!; factor++) {
      const skew = skewBlocks(data.subarray(factor * each, (factor + 1) * each), size!);
      const rotations = skew.map((q) => cayley(scaled(q, -0.5), options));
      const order = halvesSorted(w.cols, size! * 2 ** factor, size! / 2);
      const inverse = inverseOf(order);
      turned = reordered(rotatedRows(reordered(turned, inverse), rotations, options), order);
    }
    const scales = await readRescale(requirePart(module.parts, "boft_s"), w.rows, options);
    return new DenseDelta(combined(scaledRows(transpose(turned), scales!), w, -1), {
      engine: options.engine,
    });
  },
};

/** In each group of inputs its half-blocks in the order 0, 2, 4, …, 1, 3, 5, …. */
function halvesSorted(count: number, group: number, half: number): number[] {
  const steps = group / half;
  const evens = Math.ceil(steps / 2);
  return Array.from({ length: count }, (_, at) => {
    const within = at % group;
    const step = Math.floor(within / half);
    const from = step < evens ? 2 * step : 2 * (step - evens) + 1;
    return at - within + from * half + (within % half);
  });
}

function inverseOf(order: readonly number[]): number[] {
  const inverse = new Array<number>(order.length);
  order.forEach((from, to) => (inverse[from] = to));
  return inverse;
}
