import { bindOptions } from "./_bind-options.ts";
import type { RankOptionValues, RankRule } from "./_rank-rule.ts";
import type { RankChoice } from "./_rule.ts";

/**
 * A rule with options given as text or as values, by name: what a command line needs to offer every rule
 * of the registry without knowing it.
 *
 * @throws LoraError USAGE when an option is unknown, absent, of another kind, or breaks the rule's limits
 */
export function bindRankRule(rule: RankRule, given: RankOptionValues): RankChoice {
  return rule.bind(bindOptions({ what: `the rule ${rule.id}`, options: rule.options }, given));
}
