import { type EngineOptions, seededRandom } from "@lora/linalg";
import type { StoredFactors } from "../delta.ts";
import type { Sparsifier } from "./_method.ts";
import { rowBlocks } from "./_row-blocks.ts";
import { sizesAt } from "./_size-order.ts";

/** Thins out rows of an update in place; called on all of them, in their order. */
export type Thinning = (rows: Float32Array) => void;

/** How an update is thinned out. */
export interface ThinningOptions extends EngineOptions {
  /** Of what is left to chance. */
  readonly seed: number;
}

/** Makes a sparsifier ready for one update. By size it looks through the whole update first, twice. */
export function thinning(
  sparsifier: Sparsifier,
  update: StoredFactors,
  { seed, engine }: ThinningOptions,
): Thinning {
  if (sparsifier.by === "chance") return byChance(sparsifier, update.down.cols, seed);
  const total = update.up.rows * update.down.cols;
  const dropped = Math.floor(sparsifier.largest * total);
  const last = total - Math.floor(sparsifier.smallest * total) - 1;
  if (dropped === 0 && last === total - 1) return () => undefined;
  const [high = 0, low = 0] = sizesAt(
    () => rowBlocks(update, { engine }),
    [dropped, Math.max(dropped, last)],
  );
  // Equal sizes stay or go together, so that the order of the entries does not matter.
  return (rows) => {
    for (let i = 0; i < rows.length; i++) {
      const size = Math.abs(rows[i]!);
      if (size < low || size > high) rows[i] = 0;
    }
  };
}

function byChance({ chances }: Extract<Sparsifier, { by: "chance" }>, cols: number, seed: number): Thinning {
  const { uniform } = seededRandom(seed);
  const chance = new Float64Array(cols);
  return (rows) => {
    for (let first = 0; first < rows.length; first += cols) {
      const row = rows.subarray(first, first + cols);
      chances(row, chance);
      for (let j = 0; j < cols; j++) row[j] = uniform() < chance[j]! ? row[j]! / chance[j]! : 0;
    }
  };
}
