/** What a selection of singular values keeps, and what it leaves out. */
export interface KeptEnergy {
  /** Σσ² of all. */
  readonly whole: number;
  /** Σσ² of those that are left out. */
  readonly dropped: number;
  /** The largest that is left out. */
  readonly largestDropped: number;
}

/**
 * What a selection of singular values keeps.
 *
 * @param s descending
 * @param kept ascending indices
 */
export function keptEnergy(s: Float64Array, kept: readonly number[]): KeptEnergy {
  let [whole, dropped, largestDropped, next] = [0, 0, 0, 0];
  for (let i = 0; i < s.length; i++) {
    const energy = s[i]! * s[i]!;
    whole += energy;
    if (kept[next] === i) next += 1;
    else {
      dropped += energy;
      largestDropped = Math.max(largestDropped, s[i]!);
    }
  }
  return { whole, dropped, largestDropped };
}
