import { firstIndices, prefixChoice } from "./_prefix.ts";
import type { Criterion, RuleName } from "./_prefix.ts";
import type { RankOption } from "./_rank-rule.ts";
import type { ModuleSpectrum, RankChoice } from "./_rule.ts";

/** Factors whose largest singular value is not above this count as zero in kohya's script. */
const ZERO_FACTORS = 1e-6;

/** The option of the three `sv-` rules that asks for kohya's ranks as they are. */
export const kohyaPlusOneOption: RankOption = {
  kind: "flag",
  required: false,
  description: "keep one pair more, as kohya's script does",
};

/**
 * The rank of kohya's resize_lora.py: the criterion clamped to 1 … min(out, in) − 1, plus one; 1 for a
 * module of zeros. A module cannot keep more pairs than it has, which the script pads with noise.
 */
function kohyaRank(module: ModuleSpectrum, criterion: Criterion): number {
  const largest = (module.s[0] ?? 0) / Math.abs(module.scale ?? 1);
  if (!(largest > ZERO_FACTORS)) return Math.min(1, module.s.length);
  const ceiling = Math.min(module.out, module.in) - 1;
  const count = Math.max(1, Math.min(criterion(module.s, module), ceiling));
  return Math.min(count + 1, module.s.length);
}

/** One of kohya's dynamic methods, by its definition or (`plusOne`) with the ranks its script gives. */
export function kohyaChoice(name: RuleName, criterion: Criterion, plusOne = false): RankChoice {
  if (!plusOne) return prefixChoice(name, criterion);
  return {
    rule: name.rule,
    title: `${name.title}, plus one`,
    needs: [],
    choose: (spectra) => ({
      kept: spectra.map((module) => firstIndices(kohyaRank(module, criterion))),
      rescale: 1,
    }),
  };
}
