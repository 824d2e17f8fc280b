import { LoraError } from "@lora/tensor";
import { demand } from "./_demand.ts";
import { nameAdvice } from "./_nearest.ts";
import type { RankOption, RankOptionValues } from "./_rank-rule.ts";

type Value = number | string | boolean;

/** Who has the options, and which there are. */
export interface OptionOwner {
  /** For messages, e.g. `the rule energy`. */
  readonly what: string;
  readonly options: Readonly<Record<string, RankOption>>;
}

/**
 * Options given as text or as values, by name, as the values that an extension of a registry takes.
 *
 * @throws LoraError USAGE when an option is unknown, absent, or of another kind
 */
export function bindOptions({ what, options }: OptionOwner, given: RankOptionValues): Record<string, Value> {
  const names = Object.keys(options);
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(given)) {
    const option = options[name];
    if (option === undefined) {
      throw new LoraError("USAGE", `${what} has no option ${name}`, { advice: nameAdvice(name, names) });
    }
    if (value !== undefined) values[name] = optionValue(name, option, value);
  }
  const absent = names.find((name) => options[name]?.required === true && values[name] === undefined);
  if (absent !== undefined) {
    throw new LoraError("USAGE", `${what} needs the option ${absent}`, {
      option: absent,
      advice: `give ${absent}: ${options[absent]?.description}`,
    });
  }
  return values;
}

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
