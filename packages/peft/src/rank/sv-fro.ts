import { demandShare } from "./_demand.ts";
import { kohyaChoice, kohyaPlusOneOption } from "./_kohya.ts";
import { relativeEnergies, smallestPrefix } from "./_prefix.ts";
import type { RankRule } from "./_rank-rule.ts";

type SvFroOptions = {
  /** Of ‖ΔW‖_F, 0 < share ≤ 1. */
  readonly share: number;
  readonly kohyaPlusOne?: boolean | undefined;
};

/** The smallest k with ‖(σ₁ … σ_k)‖₂ ≥ share · ‖σ‖₂. The same as `energy` at share². */
export const svFro: RankRule<SvFroOptions> = {
  id: "sv-fro",
  title: "Keeps the fewest pairs with a share of the module's Frobenius norm",
  source: "kohya-ss/sd-scripts networks/resize_lora.py --dynamic_method sv_fro",
  options: {
    share: { kind: "number", required: true, description: "share of the Frobenius norm to keep, up to 1" },
    kohyaPlusOne: kohyaPlusOneOption,
  },
  bind({ share, kohyaPlusOne }) {
    demandShare("share", share);
    return kohyaChoice(
      { rule: "sv-fro", title: `sv-fro ${share}` },
      (s) => smallestPrefix(relativeEnergies(s), share * share),
      kohyaPlusOne,
    );
  },
};
