import type { EngineOptions, Float64Matrix, Matrix } from "@lora/linalg";
import { multiply, toFloat64, wideMatrix } from "@lora/linalg";
import { locate, LoraError } from "@lora/tensor";
import type { AdapterModule, Magnitude } from "./adapter.ts";
import { DenseDelta } from "./dense-delta.ts";
import type { Delta } from "./delta.ts";
import { kindById } from "./kind-of.ts";
import { withoutBase } from "./kinds/_base-weight.ts";
import type { LoadOptions } from "./kinds/_kind.ts";
import { readFactor } from "./kinds/_parts.ts";
import { combined } from "./kinds/_rotation.ts";
import { loadDelta } from "./load-delta.ts";
import { demandMagnitude } from "./reading/with-magnitudes.ts";

/** Whether all that a module changes can only be told with the weight that it changes: OFT, (IA)³, GLoRA, DoRA on any kind. */
export function needsBase(module: Pick<AdapterModule, "kind" | "magnitude">): boolean {
  return kindById(module.kind).needsBase === true || module.magnitude !== undefined;
}

/** Whether what a module changes has, as a rule, as many pairs as its shape allows: which of them stay is a choice. */
export function isWhole({
  kind,
  magnitude,
  shape,
}: Pick<AdapterModule, "kind" | "magnitude" | "shape">): boolean {
  return magnitude !== undefined || kindById(kind).isWhole?.(shape) === true;
}

/**
 * All that a module changes, W′ − W, as an update: what a plain LoRA of it, or a merge, has to hold. That of DoRA is
 * diag(m / ‖W + ΔW‖)·(W + ΔW) − W. Its `factors` are exact; where `maxRank` is less than that of a whole matrix they are thin
 * (GLoRA, and every kind that needs no base), else `svd` gives the nearest update of any rank, and what it leaves out.
 *
 * @param base out × in·k·k as `readBaseWeight` gives it; may be left out where `needsBase(module)` is false
 * @throws LoraError MISSING where it needs a base and has none; SHAPE when that does not fit; NUMERIC where an output of
 *   W + ΔW is zero and has a magnitude; as `loadDelta` does
 * @see Liu et al. 2024 (DoRA), arXiv 2402.09353
 */
export async function plainDelta(
  module: AdapterModule,
  base?: Matrix,
  options: Omit<LoadOptions, "base"> = {},
): Promise<Delta> {
  const { magnitude } = module;
  const delta = await loadDelta(module, { ...options, base });
  if (magnitude === undefined) return delta;
  return locate({ module: module.name }, async () => {
    if (base === undefined) throw withoutBase("DoRA", module);
    demandMagnitude({ ...module, shape: [delta.rows, module.shape[1] || delta.cols] }, magnitude);
    const norms = wideMatrix(await readFactor(magnitude, options));
    const w = wideMatrix(base);
    const sum = combined(w, wholeOf(delta, options), 1);
    return new DenseDelta(combined(withNorms(sum, norms, magnitude), w, -1), { engine: options.engine });
  });
}

function wholeOf(delta: Delta, { engine }: EngineOptions): Float64Matrix {
  if (delta instanceof DenseDelta) return delta.matrix();
  const { up, down, scale } = delta.storedFactors();
  return toFloat64(multiply(up, down, { alpha: scale, engine }));
}

/** Each output, or input with all of its kernel, brought to the norm that its magnitude says. */
function withNorms(sum: Float64Matrix, { data }: Matrix, { axis, name }: Magnitude): Float64Matrix {
  const group = axis === "out" ? sum.cols : sum.cols / data.length;
  const indexOf = (at: number): number =>
    axis === "out" ? Math.floor(at / group) : Math.floor((at % sum.cols) / group);
  const squares = new Float64Array(data.length);
  sum.data.forEach((value, at) => (squares[indexOf(at)]! += value * value));
  const factors = squares.map((square, i) => {
    if (square > 0) return data[i]! / Math.sqrt(square);
    throw new LoraError("NUMERIC", `${axis}put ${i} of W + ΔW is zero, which no magnitude fits`, {
      tensor: name,
      index: i,
    });
  });
  return { ...sum, data: sum.data.map((value, at) => value * factors[indexOf(at)]!) };
}
