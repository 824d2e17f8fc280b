import { energyShares } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** The smallest k whose dropped energy is at most `dropped`; summed from the tail, where terms are small. */
function rankWithout(dropped: number, shares: Float64Array): number {
  let sum = 0;
  return shares.findLastIndex((share) => (sum += share) > dropped) + 1;
}

/** Pairs needed for 90 % and for 99 % of the energy Σσ²; 0 for no update. */
export const energyRank: Metric<{ readonly p90: number; readonly p99: number }> = {
  id: "energyRank",
  title: "pairs that hold 90 % and 99 % of the update's energy",
  unit: "pairs",
  needs: "update",
  compute({ update: { s } }) {
    const shares = energyShares(s);
    return { p90: rankWithout(0.1, shares), p99: rankWithout(0.01, shares) };
  },
};
