import { energyShares, ratio } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/**
 * ‖ΔW‖_F² / σ₁²: 1 when one pair is all there is, the rank when all pairs weigh the same, 0 for no update.
 *
 * @see Rudelson & Vershynin, Sampling from large matrices (2007)
 */
export const stableRank: Metric<number> = {
  id: "stableRank",
  title: "stable rank of the update",
  unit: "pairs",
  needs: "update",
  compute({ update: { s } }) {
    const [first = 0] = energyShares(s);
    return ratio(Math.sign(first), first);
  },
};
