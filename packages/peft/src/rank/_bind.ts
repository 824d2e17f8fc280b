import { LoraError } from "@lora/tensor";
import { demand } from "./_demand.ts";
import { nameAdvice } from "./_nearest.ts";
import type { RankOption, RankOptionValues, RankRule } from "./_rank-rule.ts";
import type { RankChoice } from "./_rule.ts";

type Value = number | string | boolean;

/** One option from what a command line or a form holds. */
function optionValue(name: string, option: RankOption, given: Value): Value {
  if (option.kind === "flag") {
    demand(
      given === true || given === false || given === "true" || given === "false",
      name,
      "true or false",
      given,
    );
    return given === true || given === "true";
  }
  if (option.kind === "text") return String(given);
  const number = typeof given === "string" && given.trim() !== "" ? Number(given) : given;
  demand(typeof number === "number" && Number.isFinite(number), name, "a number", given);
  return Number(number);
}

/**
 * A rule with options given as text or as values, by name: what a command line needs to offer every rule
 * of the registry without knowing it.
 *
 * @throws LoraError USAGE when an option is unknown, absent, of another kind, or breaks the rule's limits
 */
export function bindRankRule(rule: RankRule, given: RankOptionValues): RankChoice {
  const names = Object.keys(rule.options);
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = rule.options[name];
    if (option === undefined) {
      throw new LoraError("USAGE", `the rule ${rule.id} has no option ${name}`, {
        advice: nameAdvice(name, names),
      });
    }
    if (value !== undefined) values[name] = optionValue(name, option, value);
  }
  const absent = names.find((name) => rule.options[name]?.required === true && values[name] === undefined);
  if (absent !== undefined) {
    throw new LoraError("USAGE", `the rule ${rule.id} needs the option ${absent}`, {
      option: absent,
      advice: `give ${absent}: ${rule.options[absent]?.description}`,
    });
  }
  return rule.bind(values);
}
