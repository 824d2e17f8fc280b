import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";

/**
 * Whether adapters can be on one model at the same time.
 *
 * @param configs by the names of the adapters
 * @throws LoraError USAGE when two train biases, when one uses KaSA and another does not, or when two adapt different
 *   parameters
 * @see peft/tuners/lora/model.py LoraModel._check_new_adapter_config
 */
export function demandTogether(configs: ReadonlyMap<string, LoraConfig>): void {
  const all = [...configs];
  const withBias = all.filter(([, { bias }]) => bias !== "none").map(([name]) => name);
  if (withBias.length > 1) {
    throw new LoraError(
      "USAGE",
      `only one adapter of a model may train its biases, not ${withBias.join(" and ")}`,
      {
        adapters: withBias,
        advice: "set bias to none in the others",
      },
    );
  }
  const kasa = all.filter(([, config]) => config.kasa_config !== null).map(([name]) => name);
  if (kasa.length > 0 && kasa.length < all.length) {
    throw new LoraError(
      "USAGE",
      `${kasa.join(" and ")} changes the base weights (KaSA), and the other adapters do not expect it`,
      {
        adapters: kasa,
        advice: "use KaSA in all adapters of the model or in none",
      },
    );
  }
  const parameters = all.filter(([, config]) => (config.target_parameters ?? []).length > 0);
  const [first] = parameters;
  const other = parameters.find(([, config]) => setOf(config) !== setOf(first![1]));
  if (first === undefined || other === undefined) return;
  throw new LoraError("USAGE", `${first[0]} and ${other[0]} adapt different parameters of one model`, {
    target_parameters: [first[1].target_parameters, other[1].target_parameters],
    advice: "give both the same target_parameters",
  });
}

function setOf({ target_parameters: names }: LoraConfig): string {
  return [...new Set(names)].sort().join("\n");
}
