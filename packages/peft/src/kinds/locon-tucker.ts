import type { AnyMatrix, EngineOptions, Float64Matrix, Matrix } from "@lora/linalg";
import { multiply, wideMatrix } from "@lora/linalg";
import { elementCount } from "@lora/tensor";
import { LowRankDelta } from "../low-rank-delta.ts";
import type { Kind } from "./_kind.ts";
import { demandFactor, demandSameRank, kernelOf, readFactor, requirePart } from "./_parts.ts";

/**
 * A convolution whose kernel sits in a core between the factors:
 * ΔW[o, i, k] = s · Σ_mn up[o, m] · mid[m, n, k] · down[n, i]. The core folds into `down` exactly, at the same rank.
 */
export const loconTucker: Kind = {
  id: "locon-tucker",
  title: "LoCon with a Tucker core",
  source: "KohakuBlueleaf/LyCORIS locon.py (use_tucker, lora_mid)",
  required: ["down", "mid", "up"],
  optional: ["alpha"],
  describe(parts) {
    const [down, mid, up] = [requirePart(parts, "down"), requirePart(parts, "mid"), requirePart(parts, "up")];
    demandFactor(down, "none");
    demandFactor(mid, "any");
    demandFactor(up, "none");
    const rank = demandSameRank([
      [down, 0],
      [mid, 1],
      [mid, 0],
      [up, 1],
    ]);
    return {
      layer: "conv",
      shape: [up.tensor.shape[0]!, down.tensor.shape[1]!, ...kernelOf(mid.tensor.shape)],
      rank,
    };
  },
  async load(module, options = {}) {
    const { engine } = options;
    const mid = requirePart(module.parts, "mid");
    const [up, core, down] = await Promise.all([
      readFactor(requirePart(module.parts, "up"), options),
      readFactor(mid, options),
      readFactor(requirePart(module.parts, "down"), options),
    ]);
    const kernel = elementCount(kernelOf(mid.tensor.shape));
    return new LowRankDelta(up, folded(core, down, { kernel, engine }), { scale: module.scale, engine });
  },
};

/**
 * down′[m, (i, k)] = Σₙ mid[m, n, k] · down[n, i].
 *
 * @param core r × (r · kernel)
 * @param down r × in
 * @returns r × (in · kernel)
 */
function folded(
  core: AnyMatrix,
  down: AnyMatrix,
  { kernel, engine }: EngineOptions & { readonly kernel: number },
): Float64Matrix {
  const rank = core.rows;
  // One product for all kernel positions: (m, k) × n times n × i.
  const positions = { rows: rank * kernel, cols: rank, data: swapped(wideMatrix(core).data, rank, kernel) };
  const product = multiply(positions, down, { engine });
  return { rows: rank, cols: down.cols * kernel, data: swapped(product.data, kernel, down.cols) };
}

/** Blocks of a × b values, each transposed to b × a. */
function swapped(values: Matrix["data"], a: number, b: number): Float64Array {
  const result = new Float64Array(values.length);
  for (let block = 0; block < values.length; block += a * b) {
    for (let i = 0; i < a; i++) {
      for (let j = 0; j < b; j++) result[block + j * a + i] = values[block + i * b + j]!;
    }
  }
  return result;
}
