import {
  dot,
  type EngineOptions,
  type Float64Matrix,
  frobeniusNorm,
  gram,
  scaled,
  stackColumns,
  stackRows,
  transpose,
} from "@lora/linalg";
import { denseDistance } from "../combine/distance.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import type { PostedSlot } from "./convert-module.ts";
import { joinedFactors, rowsOf, type ScaledFactors } from "./joined-factors.ts";
import { type PostedUpdate, updateOf } from "./posted-update.ts";
import { joinedWhole } from "./whole-update.ts";

/** A module as it was meant, and as it was read back. */
export interface CheckModuleInput {
  readonly modules: readonly PostedUpdate[];
  readonly slots: readonly PostedSlot[];
  readonly out: number;
  readonly written: PostedUpdate;
}

/** Norms of what was meant, and of how far the file is from it. */
export interface CheckedNorms {
  readonly norm: number;
  readonly difference: number;
}

/** Compares a module of the new file with the updates it was made of. */
export const checkModule: PoolTask<CheckModuleInput, CheckedNorms> = {
  name: "check",
  async run({ modules, slots, out, written }, engine) {
    const deltas = await Promise.all(modules.map((posted) => updateOf(posted, engine)));
    const stored = (await updateOf(written, engine)).storedFactors();
    const again = { up: rowsOf(stored.up), down: rowsOf(stored.down), scale: stored.scale };
    const loaded = slots.map(({ module, rows, at }) => ({ delta: deltas[module]!, rows, at }));
    const whole = joinedWhole(loaded, out, engine);
    if (whole !== undefined)
      return { norm: frobeniusNorm(whole), difference: denseDistance(again, whole, { engine }) };
    const meant = joinedFactors(loaded, out);
    return {
      norm: Math.abs(meant.scale) * productNorm(meant.up, meant.down, { engine }),
      difference: differenceNorm(meant, again, { engine }),
    };
  },
};

/**
 * ‖s·B·A − s′·B′·A′‖_F, as ‖(s·B − g·s′·B′)·A + s′·B′·(g·A − A′)‖_F over the pairs that both have, beside those that one has alone.
 * With g the power of two nearest to the ratio of the downs nothing cancels where the factors are the same but for rounding.
 */
function differenceNorm(a: ScaledFactors, b: ScaledFactors, options: EngineOptions): number {
  const shared = Math.min(a.up.cols, b.up.cols);
  const [upA, upB] = [scaled(a.up, a.scale), scaled(b.up, b.scale)];
  const g = nearestPower(b.down, a.down);
  const [firstA, firstB] = [firstColumns(upA, shared), firstColumns(upB, shared)];
  const [downA, downB] = [firstRows(a.down, shared), firstRows(b.down, shared)];
  const parts: readonly (readonly [up: Float64Matrix, down: Float64Matrix])[] = [
    [subtracted(firstA, scaled(firstB, g)), downA],
    [firstB, subtracted(scaled(downA, g), downB)],
    [restColumns(upA, shared), restRows(a.down, shared)],
    [scaled(restColumns(upB, shared), -1), restRows(b.down, shared)],
  ];
  // What was copied differs by nothing, and costs nothing.
  const left = parts.filter((part) => part.every(({ data }) => data.some((value) => value !== 0)));
  if (left.length === 0) return 0;
  const [ups, downs] = [left.map(([up]) => up), left.map(([, down]) => down)];
  return productNorm(stackColumns(ups), stackRows(downs), options);
}

function productNorm(up: Float64Matrix, down: Float64Matrix, options: EngineOptions): number {
  // Rounding can leave a tiny negative number where the product is zero.
  return Math.sqrt(Math.max(0, dot(gram(up, options), gram(down, { ...options, of: "rows" }))));
}

/** 2ᵏ nearest to ‖a‖ / ‖b‖; 1 where either is zero. */
function nearestPower(a: Float64Matrix, b: Float64Matrix): number {
  const ratio = Math.hypot(...sample(a)) / Math.hypot(...sample(b));
  return ratio > 0 && Number.isFinite(ratio) ? 2 ** Math.round(Math.log2(ratio)) : 1;
}

/** The first row that is not zero says how the factors are scaled against each other. */
function sample({ rows, cols, data }: Float64Matrix): Float64Array {
  for (let row = 0; row < rows; row++) {
    const values = data.subarray(row * cols, (row + 1) * cols);
    if (values.some((value) => value !== 0)) return values;
  }
  return data.subarray(0, cols);
}

function subtracted(a: Float64Matrix, b: Float64Matrix): Float64Matrix {
  return { ...a, data: a.data.map((value, index) => value - b.data[index]!) };
}

function firstRows({ cols, data }: Float64Matrix, count: number): Float64Matrix {
  return { rows: count, cols, data: data.subarray(0, count * cols) };
}

function restRows({ rows, cols, data }: Float64Matrix, from: number): Float64Matrix {
  return { rows: rows - from, cols, data: data.subarray(from * cols) };
}

function firstColumns(a: Float64Matrix, count: number): Float64Matrix {
  return count === a.cols ? a : transpose(firstRows(transpose(a), count));
}

function restColumns(a: Float64Matrix, from: number): Float64Matrix {
  return transpose(restRows(transpose(a), from));
}
