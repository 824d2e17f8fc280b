import { demandShare } from "./_demand.ts";
import { kohyaChoice, kohyaPlusOneOption } from "./_kohya.ts";
import { smallestPrefix } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type SvCumulativeOptions = {
  /** Of Σσ, 0 < share ≤ 1. */
  readonly share: number;
  readonly kohyaPlusOne?: boolean | undefined;
};

/** The smallest k with σ₁ + … + σ_k ≥ share · Σσ (the nuclear norm). */
export const svCumulative: RankRule<SvCumulativeOptions> = {
  id: "sv-cumulative",
  title: "Keeps the fewest pairs with a share of the sum of the module's singular values",
  source: "kohya-ss/sd-scripts networks/resize_lora.py --dynamic_method sv_cumulative",
  options: {
    share: {
      kind: "number",
      required: true,
      description: "share of the sum of singular values to keep, up to 1",
    },
    kohyaPlusOne: kohyaPlusOneOption,
  },
  bind({ share, kohyaPlusOne }) {
    demandShare("share", share);
    return kohyaChoice(
      { rule: "sv-cumulative", title: `sv-cumulative ${share}` },
      (s) => smallestPrefix(s, share),
      kohyaPlusOne,
    );
  },
};
