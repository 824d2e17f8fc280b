import { demandRank } from "./_demand.ts";
import { prefixChoice } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type FixedOptions = {
  readonly rank: number;
  /** Rank of modules whose kernel is larger than 1 × 1; `rank` when left out. */
  readonly convRank?: number | undefined;
};

/** The same rank everywhere. The best approximation of that rank in every unitary norm (Eckart–Young–Mirsky). */
export const fixed: RankRule<FixedOptions> = {
  id: "fixed",
  title: "Keeps the same number of pairs in every module",
  source: "Eckart & Young, Psychometrika 1 (1936); kohya-ss/sd-scripts networks/resize_lora.py --new_rank",
  options: {
    rank: { kind: "integer", required: true, description: "pairs to keep" },
    convRank: {
      kind: "integer",
      required: false,
      description: "pairs to keep where the kernel is above 1 × 1",
    },
  },
  bind({ rank, convRank }) {
    demandRank("rank", rank);
    if (convRank !== undefined) demandRank("convRank", convRank);
    const title = convRank === undefined ? `rank ${rank}` : `rank ${rank}, conv rank ${convRank}`;
    return prefixChoice({ rule: "fixed", title }, (_, module) => (module.kernel ? (convRank ?? rank) : rank));
  },
};
