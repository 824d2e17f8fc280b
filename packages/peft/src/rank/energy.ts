import { demandShare } from "./_demand.ts";
import { prefixChoice, relativeEnergies, smallestPrefix } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type EnergyOptions = {
  /** Of ‖ΔW‖_F², 0 < share ≤ 1. */
  readonly share: number;
};

/** The smallest k with σ₁² + … + σ_k² ≥ share · Σσ². */
export const energy: RankRule<EnergyOptions> = {
  id: "energy",
  title: "Keeps the fewest pairs with a share of the module's energy",
  source:
    "explained variance of the singular value decomposition; Jolliffe, Principal Component Analysis, §6.1.1",
  options: {
    share: {
      kind: "number",
      required: true,
      description: "share of the squared Frobenius norm to keep, up to 1",
    },
  },
  bind({ share }) {
    demandShare("share", share);
    return prefixChoice({ rule: "energy", title: `energy ${share}` }, (s) =>
      smallestPrefix(relativeEnergies(s), share),
    );
  },
};
