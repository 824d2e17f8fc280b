import { energyShares } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/**
 * exp(−Σ p·ln p) with p = σ²/Σσ², the exponential of the entropy of the energies; 0 for no update. Of
 * energies, where Roy & Vetterli, The effective rank (2007), take p = σ/Σσ.
 */
export const effectiveRank: Metric<number> = {
  id: "effectiveRank",
  title: "effective rank of the update (entropy of its energies)",
  unit: "pairs",
  needs: "update",
  compute({ update: { s } }) {
    const shares = energyShares(s).filter((share) => share > 0);
    if (shares.length === 0) return 0;
    return Math.exp(-shares.reduceRight((sum, share) => sum + share * Math.log(share), 0));
  },
};
