import { wideMatrix } from "@lora/linalg";
import type { Float64Matrix } from "@lora/linalg";
import { DenseDelta } from "../dense-delta.ts";
import { demandBase } from "./_base-weight.ts";
import type { Kind } from "./_kind.ts";
import { demandStack, readFactor, readRescale, requirePart } from "./_parts.ts";
import { cayley, combined, reordered, rotatedRows, scaledRows, skewBlocks } from "./_rotation.ts";

/**
 * W′ = Rₘ···R₁·W, where each Rᵢ turns blocks of b rows that lie 2ⁱ⁻¹·b/2 apart: a butterfly, so that every row meets every
 * other with few parameters. R of a block is (I + Q)·(I − Q)⁻¹ with Q = B − Bᵀ; `rescale` multiplies the rows of W′.
 */
export const boft: Kind = {
  id: "boft",
  title: "BOFT",
  source: "Liu et al. 2023, arXiv 2311.06243; LyCORIS boft.py",
  required: ["oft_blocks"],
  optional: ["rescale", "alpha"],
  needsBase: true,
  isWhole: () => true,
  boundedByAlpha: true,
  accepts: (parts) => parts.get("oft_blocks")?.tensor.shape.length === 4,
  describe(parts) {
    const [, count, size] = demandStack(requirePart(parts, "oft_blocks"), 4);
    return { layer: "linear", shape: [count! * size!, 0], rank: count! * size! };
  },
  async load(module, options = {}) {
    const w = demandBase(boft, module, options);
    const blocks = requirePart(module.parts, "oft_blocks");
    const [factors, , size] = demandStack(blocks, 4);
    const { data } = wideMatrix(await readFactor(blocks, options));
    const each = data.length / factors!;
    let turned: Float64Matrix = w;
    for (let factor = 0; factor < factors!; factor++) {
      const skew = skewBlocks(data.subarray(factor * each, (factor + 1) * each), size!);
      const order = butterfly(w.rows, (2 ** factor * size!) / 2);
      const together = rotatedRows(
        reordered(turned, order),
        skew.map((q) => cayley(q, options)),
        options,
      );
      turned = reordered(together, inverseOf(order));
    }
    const rescale = await readRescale(module.parts.get("rescale"), w.rows, options);
    const wanted = rescale === undefined ? turned : scaledRows(turned, rescale);
    return new DenseDelta(combined(wanted, w, -1), { engine: options.engine });
  },
};

/** In each chunk of 2·apart rows, the rows that lie `apart` from each other beside each other. */
function butterfly(rows: number, apart: number): number[] {
  return Array.from({ length: rows }, (_, at) => {
    const within = at % (2 * apart);
    return at - within + Math.floor(within / 2) + (within % 2) * apart;
  });
}

function inverseOf(order: readonly number[]): number[] {
  const inverse = new Array<number>(order.length);
  order.forEach((from, to) => (inverse[from] = to));
  return inverse;
}
