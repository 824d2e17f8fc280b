import { energyShares } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** (σ₁² + … + σ_k²) / Σσ² for k = 1, 2, …: what a resize to rank k keeps. All 0 for no update. */
export const energyCurve: Metric<Float64Array> = {
  id: "energyCurve",
  title: "share of the update's energy in its first pairs",
  unit: "ratio",
  needs: "update",
  compute({ update: { s } }) {
    let sum = 0;
    return energyShares(s).map((share) => (sum = Math.min(sum + share, 1)));
  },
};
