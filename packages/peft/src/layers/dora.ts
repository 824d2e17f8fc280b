import type { EngineOptions, Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import { addTo, branch } from "./plain.ts";
import type { WeightView } from "./tokens.ts";
import type { Variant } from "./variant.ts";

/**
 * Where the square of a norm is this much smaller than the terms it is the sum of, the digits that are gone would be missed
 * and the row is added up entry by entry.
 */
const CANCELLED = { f64: 1e-4, f32: 0.1 } as const;

/**
 * DoRA: each output of W + ΔW is brought to a magnitude of its own, y = (m / ‖W + ΔW‖) ⊙ (W + s·B·A)·x. Biases stay
 * outside. With several adapters each acts on what those before it left, as when they are merged one by one.
 *
 * @see Liu et al. 2024, arXiv 2402.09353
 */
export const dora: Variant = {
  id: "dora",
  kinds: ["linear", "hf-conv1d", "convolution", "embedding"],
  needs: ["magnitude"],
  forward(step) {
    const { layer, adapter, y } = step;
    addTo(y, branch(step), adapter.scale);
    const factors = magnitudeFactors(adapter.tensors.magnitude!.data, layer.norms(adapter));
    for (let row = 0; row < y.data.length; row += y.cols) {
      for (let j = 0; j < y.cols; j++) y.data[row + j] = y.data[row + j]! * factors[j]!;
    }
  },
};

/** m / n, entry by entry. */
export function magnitudeFactors(magnitude: Matrix["data"], norms: Float64Array): Float64Array {
  return norms.map((norm, i) => magnitude[i]! / norm);
}

/** What norms are made with. */
export interface NormOptions extends EngineOptions {
  /** ‖Wⱼ‖² of each output, where they are known. */
  readonly squares?: Float64Array | undefined;
  /** W·Aᵀ, out × r, where it is known. */
  readonly cross?: Matrix | undefined;
}

/**
 * ‖(W + s·B·A)ⱼ‖ of each output j, without forming B·A: n² = ‖Wⱼ‖² + 2s·Bⱼ·(A·Wⱼᵀ) + s²·Bⱼ·(A·Aᵀ)·Bⱼᵀ.
 * (out + r)·in·r work besides one pass over W. Relative error below about 1e4·(in + r)·2⁻⁵³ for doubles, 10·(in + r)·2⁻²⁴
 * where W and A are singles, which an engine may sum in singles: an output whose terms cancel further is added up entry by
 * entry, in f64.
 */
export function rowNorms(
  weight: WeightView,
  { up, down }: Factors,
  scale: number,
  { engine, squares = squaredNorms(weight), cross: known }: NormOptions = {},
): Float64Array {
  const isSingle = weight.matrix.data instanceof Float32Array && down.data instanceof Float32Array;
  const as = isSingle ? "f32" : "f64";
  const cross =
    known ?? multiply(weight.matrix, down, { transA: weight.transposed, transB: true, engine, as });
  const gram = multiply(down, down, { transB: true, engine });
  const spread = multiply(up, gram, { engine }); // out × r: B·(A·Aᵀ)
  const rank = up.cols;
  return squares.map((square, j) => {
    let [mixed, own] = [0, 0];
    for (let k = j * rank; k < (j + 1) * rank; k++) {
      mixed += up.data[k]! * cross.data[k]!;
      own += up.data[k]! * spread.data[k]!;
    }
    const sum = square + 2 * scale * mixed + scale * scale * own;
    const terms = square + 2 * Math.abs(scale * mixed) + scale * scale * own;
    return sum > CANCELLED[as] * terms ? Math.sqrt(sum) : exactNorm(weight, { up, down }, scale, j);
  });
}

/** ‖Wⱼ‖² of each output, in f64. */
export function squaredNorms({ matrix: { rows, cols, data }, transposed }: WeightView): Float64Array {
  const squares = new Float64Array(transposed ? cols : rows);
  for (let i = 0; i < rows; i++) {
    if (transposed) {
      for (let j = 0, at = i * cols; j < cols; j++, at++) squares[j] = squares[j]! + data[at]! * data[at]!;
      continue;
    }
    let sum = 0;
    for (let at = i * cols; at < (i + 1) * cols; at++) sum += data[at]! * data[at]!;
    squares[i] = sum;
  }
  return squares;
}

/** The norm of one output, with its row of B·A formed. */
function exactNorm(
  { matrix, transposed }: WeightView,
  { up, down }: Factors,
  scale: number,
  j: number,
): number {
  let sum = 0;
  for (let i = 0; i < down.cols; i++) {
    let change = 0;
    for (let k = 0; k < up.cols; k++) change += up.data[j * up.cols + k]! * down.data[k * down.cols + i]!;
    const entry = matrix.data[transposed ? i * matrix.cols + j : j * matrix.cols + i]! + scale * change;
    sum += entry * entry;
  }
  return Math.sqrt(sum);
}

/**
 * Refuses outputs that no magnitude can be given to.
 *
 * @throws LoraError NUMERIC when a norm is 0 or not finite
 */
export function demandNorms(norms: Float64Array, adapter: string): void {
  const at = norms.findIndex((norm) => !(norm > 0 && norm < Infinity));
  if (at < 0) return;
  throw new LoraError(
    "NUMERIC",
    `with adapter ${adapter} output ${at} has the norm ${norms[at]}, which no magnitude fits`,
    {
      adapter,
      output: at,
      norm: String(norms[at]),
    },
  );
}
