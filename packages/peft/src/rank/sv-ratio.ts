import { demand } from "./_demand.ts";
import { kohyaChoice, kohyaPlusOneOption } from "./_kohya.ts";
import type { RankRule } from "./_rank-rule.ts";

type SvRatioOptions = {
  readonly ratio: number;
  readonly kohyaPlusOne?: boolean | undefined;
};

/** How many values exceed σ₁ / ratio. */
function countAbove(s: Float64Array, ratio: number): number {
  const limit = (s[0] ?? 0) / ratio;
  return s.reduce((count, value) => (value > limit ? count + 1 : count), 0);
}

/** k = #{ σᵢ > σ₁ / ratio }. */
export const svRatio: RankRule<SvRatioOptions> = {
  id: "sv-ratio",
  title: "Keeps the pairs of at least a fraction of the module's largest singular value",
  source: "kohya-ss/sd-scripts networks/resize_lora.py --dynamic_method sv_ratio",
  options: {
    ratio: {
      kind: "number",
      required: true,
      description: "largest over smallest singular value that is kept",
    },
    kohyaPlusOne: kohyaPlusOneOption,
  },
  bind({ ratio, kohyaPlusOne }) {
    demand(ratio > 1 && ratio < Infinity, "ratio", "a number above 1", ratio);
    return kohyaChoice(
      { rule: "sv-ratio", title: `sv-ratio ${ratio}` },
      (s) => countAbove(s, ratio),
      kohyaPlusOne,
    );
  },
};
