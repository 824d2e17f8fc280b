import {
  columns,
  type EngineOptions,
  type Matrix,
  multiply,
  productSvd,
  scaled,
  scaledColumns,
  stackColumns,
  stackRows,
  type Svd,
  svd,
  transpose,
} from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { splitEvenly } from "../init/_split.ts";
import { firstIndices } from "../rank/_prefix.ts";

/** A trained update and the weight it changes. */
export interface IntruderInput {
  /** out × in */
  readonly weight: Matrix;
  /** out × r */
  readonly up: Matrix;
  /** r × in */
  readonly down: Matrix;
  /** What up · down is multiplied with. */
  readonly scale: number;
}

export interface IntruderOptions extends EngineOptions {
  /** How many leading directions of the changed weight are looked at; 10 when left out. */
  readonly topK?: number | undefined;
  /** A direction is an intruder when its cosine with every direction of the weight is below; 0.5 when left out. */
  readonly threshold?: number | undefined;
  /** What is kept of an intruder; 0.75 when left out. */
  readonly keep?: number | undefined;
}

/** Factors of the same rank and scale as before, and which directions were intruders. */
export interface ReducedIntruders {
  readonly up: Matrix;
  readonly down: Matrix;
  /** Indices of singular triples of W + ΔW. */
  readonly intruders: readonly number[];
}

/**
 * Weakens directions that training put in front of those of the base: leading singular vectors of W + ΔW that are
 * like none of W. What is changed has at most r + topK directions, so that the new factors come from thin matrices;
 * finding intruders takes the SVD of W and of W + ΔW. Without intruders the factors are the same objects.
 *
 * @throws LoraError SHAPE when the factors are not of the weight's size
 * @see Shuttleworth et al. 2024, arXiv 2410.21228; PEFT reduce_intruder_dimension
 */
export function reduceIntruders(input: IntruderInput, options: IntruderOptions = {}): ReducedIntruders {
  const { weight, up, down, scale } = input;
  const { topK = 10, threshold = 0.5, keep = 0.75, engine } = options;
  refuseSizes(input);
  const update = multiply(up, down, { alpha: scale, engine });
  const changed = svd(sum(weight, update), { engine });
  const leading = columns(changed.u, firstIndices(Math.min(topK, changed.s.length)));
  const likeness = multiply(leading, svd(weight, { engine }).u, { transA: true, engine });
  const intruders = firstIndices(leading.cols).filter((index) => largestInRow(likeness, index) < threshold);
  if (intruders.length === 0) return { up, down, intruders };
  return { ...weakened(input, changed, { intruders, keep, engine }), intruders };
}

interface Weakening extends EngineOptions {
  readonly intruders: readonly number[];
  readonly keep: number;
}

/** s·up·down − (1 − keep)·Σ σ·u·vᵀ over the intruders, at the rank of `up`, without the scale. */
function weakened(
  { up, down, scale }: IntruderInput,
  { u, s, v }: Svd,
  { intruders, keep, engine }: Weakening,
): Pick<ReducedIntruders, "up" | "down"> {
  const taken = intruders.map((index) => (keep - 1) * s[index]!);
  const left = stackColumns([scaled(up, scale), scaledColumns(columns(u, intruders), taken)]);
  const right = stackRows([down, transpose(columns(v, intruders))]);
  return splitEvenly(productSvd(left, right, { engine }), firstIndices(up.cols), scale);
}

function refuseSizes({ weight, up, down }: IntruderInput): void {
  if (up.rows === weight.rows && down.cols === weight.cols) return;
  throw new LoraError(
    "SHAPE",
    `an update of ${up.rows} × ${down.cols} does not change a weight of ${weight.rows} × ${weight.cols}`,
    { update: [up.rows, down.cols], weight: [weight.rows, weight.cols] },
  );
}

function sum(a: Matrix, b: Matrix): Matrix {
  return { rows: a.rows, cols: a.cols, data: Float64Array.from(a.data, (value, i) => value + b.data[i]!) };
}

function largestInRow({ cols, data }: Matrix, row: number): number {
  let largest = 0;
  for (let j = 0; j < cols; j++) largest = Math.max(largest, Math.abs(data[row * cols + j]!));
  return largest;
}
