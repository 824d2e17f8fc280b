import type { EntryRule } from "./_method.ts";

/** Rows of the thinned updates, and where their merge goes. */
export interface RowsToMerge {
  readonly updates: readonly Float32Array[];
  readonly weights: readonly number[];
  readonly into: Float32Array;
}

/** Merges entry by entry. */
export function mergeRows({ merge, sign }: Pick<EntryRule, "merge" | "sign">, rows: RowsToMerge): void {
  if (merge === "sum") addRows(rows);
  else electRows(rows, sign);
}

function addRows({ updates, weights, into }: RowsToMerge): void {
  for (let at = 0; at < into.length; at++) {
    let sum = 0;
    for (let i = 0; i < updates.length; i++) sum += weights[i]! * updates[i]![at]!;
    into[at] = sum;
  }
}

/**
 * Σ|w| times the mean, by |w|, of the signed updates that have the winning sign: where all agree this is their weighted
 * sum. A tie goes to +. Zeros have no say.
 */
function electRows({ updates, weights, into }: RowsToMerge, sign: EntryRule["sign"]): void {
  const total = weights.reduce((sum, weight) => sum + Math.abs(weight), 0);
  for (let at = 0; at < into.length; at++) {
    let vote = 0;
    for (let i = 0; i < updates.length; i++) {
      const value = weights[i]! * updates[i]![at]!;
      vote += sign === "total" ? value : Math.sign(value);
    }
    let [sum, agreeing] = [0, 0];
    for (let i = 0; i < updates.length; i++) {
      const value = weights[i]! * updates[i]![at]!;
      if (vote >= 0 ? value <= 0 : value >= 0) continue;
      sum += value;
      agreeing += Math.abs(weights[i]!);
    }
    into[at] = agreeing === 0 ? 0 : (total * sum) / agreeing;
  }
}
