import {
  type Engine,
  type Float64Matrix,
  frobeniusNorm,
  multiply,
  scaledColumns,
  toFloat64,
  transpose,
  wideMatrix,
  zeros,
} from "@lora/linalg";
import { type Delta, DenseDelta } from "@lora/peft";
import { decomposeDense } from "../combine/decompose-dense.ts";
import { denseDistance } from "../combine/distance.ts";
import type { KeptPart } from "./convert-module.ts";
import type { LoadedSlot, ScaledFactors } from "./joined-factors.ts";

/** Pairs of an update that is no product, and the share of it that they leave out. */
export interface LeadingFactors {
  readonly factors: ScaledFactors;
  readonly leftOut: number;
}

/** The update that rows of several make, where one of them is no product of thin matrices; undefined where all are. */
export function joinedWhole(
  slots: readonly LoadedSlot[],
  out: number,
  engine: Engine,
): Float64Matrix | undefined {
  if (!slots.some(({ delta }) => delta instanceof DenseDelta)) return undefined;
  const { cols } = slots[0]!.delta;
  const joined = zeros(out, cols);
  for (const { delta, rows, at } of slots) {
    const { data } = wholeOf(delta, engine);
    rows.forEach((row, index) => {
      joined.data.set(data.subarray(row * cols, (row + 1) * cols), (at + index) * cols);
    });
  }
  return joined;
}

function wholeOf(delta: Delta, engine: Engine): Float64Matrix {
  if (delta instanceof DenseDelta) return delta.matrix();
  const { up, down, scale } = delta.storedFactors();
  return toFloat64(multiply(up, down, { alpha: scale, engine }));
}

/** Singular values below this share of the largest are rounding. */
const NOISE = 2 ** -22;

/**
 * The nearest product of the rank that is wanted, or of the least rank within the error, and what it leaves out: measured, and not
 * taken from singular values. At least one pair: many readers miss a module that is not there.
 */
export function leadingFactors(
  whole: Float64Matrix,
  { rank = Infinity, error = 0 }: KeptPart,
  engine: Engine,
): LeadingFactors {
  const norm = frobeniusNorm(whole);
  if (norm === 0) {
    return { factors: { up: zeros(whole.rows, 1), down: zeros(1, whole.cols), scale: 1 }, leftOut: 0 };
  }
  const most = Math.min(rank, whole.rows, whole.cols);
  const { u, s, v } = decomposeDense(whole, { limits: { most, error }, seed: 0, engine });
  // What is rounding has no pair: its value is zero.
  const roots = s.map((value) => (value > NOISE * s[0]! ? Math.sqrt(value) : 0));
  const kept = roots.filter((root) => root > 0).length;
  const side = (x: typeof u): Float64Matrix => {
    const thin = toFloat64(wideMatrix(x));
    return scaledColumns(firstColumns(thin, kept), roots.subarray(0, kept));
  };
  const factors = { up: side(u), down: transpose(side(v)), scale: 1 };
  return { factors, leftOut: denseDistance(factors, whole, { engine }) / norm };
}

function firstColumns({ rows, cols, data }: Float64Matrix, count: number): Float64Matrix {
  if (count === cols) return { rows, cols, data };
  const result = zeros(rows, count);
  for (let row = 0; row < rows; row++)
    result.data.set(data.subarray(row * cols, row * cols + count), row * count);
  return result;
}
