import { columns, scaledColumns, transpose, zeros, type Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { Delta } from "../delta.ts";
import { demand } from "../rank/_demand.ts";
import { relativeEnergies, smallestPrefix } from "../rank/_prefix.ts";

/** How much of an update is kept: one of the two. */
export interface KeptPart {
  /** This rank, zeros where the update has less. */
  readonly rank?: number | undefined;
  /** The smallest rank with this share of ‖ΔW‖_F², above 0 and at most 1. */
  readonly energy?: number | undefined;
}

/** Plain factors: up · down is the update, with no scale. */
export interface ConvertedUpdate {
  /** r × in */
  readonly down: Matrix;
  /** out × r */
  readonly up: Matrix;
  readonly rank: number;
}

/**
 * The nearest plain LoRA of an update, whatever it is stored as: up = u·σ, down = vᵀ, scale 1.
 *
 * @throws LoraError USAGE unless one of `rank` and `energy` is given, in its range; SHAPE when the rank is above the
 *   smaller side of the update
 * @see PEFT convert_to_lora
 */
export function loraOfUpdate(update: Delta, kept: KeptPart): ConvertedUpdate {
  demandPart(kept);
  const { u, s, v } = update.svd();
  const rank = kept.rank ?? Math.max(1, smallestPrefix(relativeEnergies(s), kept.energy ?? 1));
  const most = Math.min(update.rows, update.cols);
  if (rank > most) {
    throw new LoraError(
      "SHAPE",
      `rank ${rank} is above ${most}, the smaller side of ${update.rows} × ${update.cols}`,
      {
        rank,
        shape: [update.rows, update.cols],
        advice: "choose a lower rank",
      },
    );
  }
  const there = Array.from({ length: Math.min(rank, s.length) }, (_, index) => index);
  const up = scaledColumns(
    columns(u, there),
    there.map((index) => s[index]!),
  );
  return { up: widened(up, rank), down: transpose(widened(columns(v, there), rank)), rank };
}

/**
 * Refuses all but one way to say how much is kept.
 *
 * @throws LoraError USAGE
 */
export function demandPart({ rank, energy }: KeptPart): void {
  if ((rank === undefined) === (energy === undefined)) {
    throw new LoraError("USAGE", "a conversion takes either a rank or a share of the energy", {
      rank,
      energy,
    });
  }
  if (rank !== undefined)
    demand(Number.isInteger(rank) && rank >= 1, "rank", "a whole number, at least 1", rank);
  if (energy !== undefined) demand(energy > 0 && energy <= 1, "energy", "above 0 and at most 1", energy);
}

function widened(a: Matrix, cols: number): Matrix {
  if (a.cols === cols) return a;
  const result = zeros(a.rows, cols);
  for (let i = 0; i < a.rows; i++) result.data.set(a.data.subarray(i * a.cols, (i + 1) * a.cols), i * cols);
  return result;
}
