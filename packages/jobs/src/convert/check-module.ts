import {
  type EngineOptions,
  type Float64Matrix,
  frobeniusNorm,
  scaled,
  stackColumns,
  stackRows,
  zeros,
} from "@lora/linalg";
import { denseDistance, factorDistance, productNorm } from "../combine/distance.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import type { PostedSlot } from "./convert-module.ts";
import { joinedFactors, onlyUpdate, rowsOf, type ScaledFactors } from "./joined-factors.ts";
import { type PostedUpdate, updateOf } from "./posted-update.ts";
import type { KeptFactors } from "../resize/keep.ts";
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
      norm: onlyUpdate(loaded, out)?.frobeniusNorm() ?? productNorm(meant, { engine }),
      difference: differenceNorm(meant, again, { engine }),
    };
  },
};

/**
 * ‖s·B·A − s′·B′·A′‖_F. With g the power of two nearest to the ratio of the downs nothing cancels where the factors are the same but
 * for rounding, s·B and g·s′·B′, A and A′ / g; pairs that only one of them has stand beside zeros.
 */
function differenceNorm(a: ScaledFactors, b: ScaledFactors, options: EngineOptions): number {
  const g = nearestPower(b.down, a.down);
  const rank = Math.max(a.up.cols, b.up.cols);
  return factorDistance(
    padded({ up: times(a.up, a.scale), down: a.down }, rank),
    padded({ up: times(b.up, g * b.scale), down: times(b.down, 1 / g) }, rank),
    options,
  );
}

function times(a: Float64Matrix, factor: number): Float64Matrix {
  return factor === 1 ? a : scaled(a, factor);
}

/** With pairs of zeros up to a rank. */
function padded({ up, down }: KeptFactors, rank: number): KeptFactors {
  const more = rank - up.cols;
  return more === 0
    ? { up, down }
    : { up: stackColumns([up, zeros(up.rows, more)]), down: stackRows([down, zeros(more, down.cols)]) };
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
