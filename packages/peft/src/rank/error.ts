import { demand } from "./_demand.ts";
import { prefixChoice, relativeEnergies } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type ErrorOptions = {
  /** Of ‖ΔW‖_F, 0 ≤ most < 1. */
  readonly most: number;
};

/** The smallest k whose dropped energies do not exceed most² · Σσ². */
function smallestRank(s: Float64Array, most: number): number {
  const energies = relativeEnergies(s);
  // From the tail, smallest first: a tolerance of 1e-9 would be lost in 1 − the energy kept.
  const total = energies.reduceRight((sum, value) => sum + value, 0);
  let dropped = 0;
  const last = energies.findLastIndex((value) => (dropped += value) > most * most * total);
  return last + 1;
}

/** The smallest k with ‖ΔW − ΔW_k‖_F ≤ most · ‖ΔW‖_F, module by module. */
export const error: RankRule<ErrorOptions> = {
  id: "error",
  title: "Keeps the fewest pairs with at most a given relative error in every module",
  source: "Eckart & Young, Psychometrika 1 (1936): the error is the norm of the dropped singular values",
  options: {
    most: {
      kind: "number",
      required: true,
      description: "relative Frobenius error that is allowed, below 1",
    },
  },
  bind({ most }) {
    demand(most >= 0 && most < 1, "most", "at least 0 and below 1", most);
    return prefixChoice({ rule: "error", title: `error ${most}` }, (s) => smallestRank(s, most));
  },
};
