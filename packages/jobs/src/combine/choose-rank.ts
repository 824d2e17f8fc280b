/** What bounds a rank. */
export interface RankLimits {
  /** The most pairs. */
  readonly most: number;
  /** The largest relative Frobenius error that dropping the others may make. */
  readonly error: number;
}

/** Below the rounding of f32: what is dropped by this is not there. */
export const NO_ERROR: number = 2 ** -24;

/**
 * The least number of pairs with which what is dropped is at most the error that is allowed, and never more than `most`.
 *
 * @param s leading singular values, descending
 * @param energy ‖·‖_F² of the whole
 */
export function chooseRank(s: Float64Array, energy: number, { most, error }: RankLimits): number {
  // From the tail, smallest first: what is past the values known counts as dropped.
  const known = s.reduceRight((sum, value) => sum + value * value, 0);
  let dropped = Math.max(0, energy - known);
  const allowed = error * error * energy;
  const last = s.findLastIndex((value) => (dropped += value * value) > allowed);
  return Math.min(most, last + 1);
}
