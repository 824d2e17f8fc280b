import { columns, type Engine, type Matrix, type Svd, svdLowRank } from "@lora/linalg";

/** How many pairs of a difference are kept: one rule, and a cap. */
export interface KeptRank {
  readonly rank?: number | undefined;
  /** The smallest rank with this share of Σσ². */
  readonly energy?: number | undefined;
  /** The smallest rank with at most this relative error. */
  readonly error?: number | undefined;
  readonly maxRank?: number | undefined;
}

/** What pairs are looked for in. */
export interface Difference {
  readonly difference: Matrix;
  readonly frobenius: number;
  readonly keep: KeptRank;
  readonly seed: number;
  readonly engine: Engine;
}

/** Ranks tried first where an error or energy is asked for. */
const FIRST_RANK = 32;

/** f32 sums leave so much of ‖D‖² in doubt: asking for less would never end. */
const LEAST_SHARE = 1e-10;

/**
 * The leading singular pairs of a difference, by a randomised SVD: as many as the rule keeps, with a rank that is doubled until it
 * is met. What k of them leave is ‖D‖² − Σσ², exactly, whatever the method missed: they come from a projection of D.
 *
 * @see Halko, Martinsson & Tropp, "Finding structure with randomness" (2011)
 */
export function leadingPairs(wanted: Difference): Svd {
  const { difference, keep, frobenius } = wanted;
  const full = Math.min(difference.rows, difference.cols);
  const most = Math.min(full, keep.maxRank ?? full);
  if (keep.rank !== undefined) return found(wanted, Math.min(keep.rank, most));
  const left = keep.error === undefined ? 1 - (keep.energy ?? 1) : keep.error ** 2;
  const allowed = Math.max(left, LEAST_SHARE) * frobenius ** 2;
  for (let rank = Math.min(FIRST_RANK, most); ; rank = Math.min(2 * rank, most)) {
    const pairs = found(wanted, rank);
    const count = enough(pairs.s, frobenius ** 2, allowed);
    if (count <= rank || rank === most) return first(pairs, Math.min(count, rank));
  }
}

function found({ difference, seed, engine }: Difference, rank: number): Svd {
  return svdLowRank(difference, { rank, seed, engine, as: "f32" });
}

/** How many of the values bring what is left of the sum of squares to the allowed rest; one more than there are if none do. */
function enough(s: Float64Array, total: number, allowed: number): number {
  let rest = total;
  for (let count = 1; count <= s.length; count++) {
    rest -= s[count - 1]! ** 2;
    if (rest <= allowed) return count;
  }
  return s.length + 1;
}

function first({ u, s, v }: Svd, count: number): Svd {
  const kept = Array.from({ length: count }, (_, i) => i);
  return { u: columns(u, kept), s: s.slice(0, count), v: columns(v, kept) };
}
