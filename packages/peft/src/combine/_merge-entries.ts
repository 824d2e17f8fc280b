import type { EngineOptions, Matrix } from "@lora/linalg";
import type { StoredFactors } from "../delta.ts";
import { commonSize, sizeOf } from "./_common-size.ts";
import { mergeRows } from "./_merge-rows.ts";
import type { EntryRule } from "./_method.ts";
import { rowBlock, rowsAtOnce } from "./_row-blocks.ts";
import { seedOf } from "./_seed-of.ts";
import { thinning } from "./_thinning.ts";

/** An update with its weight. */
export interface WeightedUpdate {
  readonly update: StoredFactors;
  readonly weight: number;
}

/** How entries are merged. */
export interface MergeEntriesOptions extends EngineOptions {
  /** Of what is left to chance: the same for the same seed, `key` and order of the updates. */
  readonly seed?: number | undefined;
  /** Tells the modules of an adapter apart, so that each has chances of its own. */
  readonly key?: string | undefined;
}

/**
 * Merges updates entry by entry, in rows: of the updates some rows are there at a time, never a whole one; the result,
 * which has full rank as a rule, is m × n in f32. Costs 2·m·n·Σrᵢ operations, three times that where entries are
 * chosen by size.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function mergeEntries(
  rule: EntryRule,
  parts: readonly WeightedUpdate[],
  { seed = 0, key = "", engine }: MergeEntriesOptions = {},
): Matrix & { readonly data: Float32Array } {
  const { rows, cols } = commonSize(parts.map(({ update }) => sizeOf(update)));
  const thin = parts.map(({ update }, index) =>
    thinning(rule.sparsifier, update, { seed: seedOf(seed, key, index), engine }),
  );
  const weights = parts.map(({ weight }) => weight);
  const data = new Float32Array(rows * cols);
  const step = rowsAtOnce(cols);
  for (let first = 0; first < rows; first += step) {
    const count = Math.min(step, rows - first);
    const updates = parts.map(({ update }, index) => {
      const block = rowBlock(update, { first, count }, { engine });
      thin[index]!(block);
      return block;
    });
    mergeRows(rule, { updates, weights, into: data.subarray(first * cols, (first + count) * cols) });
  }
  return { rows, cols, data };
}
