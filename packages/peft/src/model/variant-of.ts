import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import { alora } from "../layers/alora.ts";
import { bdLora, blockDiagonalFactor } from "../layers/bdlora.ts";
import { dora } from "../layers/dora.ts";
import { kasa } from "../layers/kasa.ts";
import { plain } from "../layers/plain.ts";
import { qalora } from "../layers/qalora.ts";
import { mica, monteclora, velora } from "../layers/same-as-plain.ts";
import type { Variant } from "../layers/variant.ts";

/** Which field of a configuration asks for which variant. */
const FIELDS: readonly (readonly [field: string, asked: (config: LoraConfig) => boolean])[] = [
  ["use_dora", (config) => config.use_dora],
  ["alora_invocation_tokens", (config) => config.alora_invocation_tokens !== null],
  ["use_bdlora", (config) => config.use_bdlora !== null],
  ["kasa_config", (config) => config.kasa_config !== null],
  ["velora_config", (config) => config.velora_config !== null],
  ["monteclora_config", (config) => config.monteclora_config !== null],
  ["arrow_config", (config) => config.arrow_config !== null],
  ["init_lora_weights", (config) => config.init_lora_weights === "mica"],
  ["use_qalora", (config) => config.use_qalora],
];

/**
 * The variant that a configuration asks for in a module; a configuration that was checked asks for one at most.
 *
 * @throws LoraError UNSUPPORTED for a variant that is no matter of a single adapter; USAGE as `blockDiagonalFactor` does
 */
export function variantOf(config: LoraConfig, module: string): Variant {
  switch (FIELDS.find(([, asked]) => asked(config))?.[0]) {
    case "use_dora":
      return dora;
    case "alora_invocation_tokens":
      return alora;
    case "use_bdlora":
      return blockDiagonal(config.use_bdlora!, module);
    case "kasa_config":
      return kasa;
    case "velora_config":
      return velora;
    case "monteclora_config":
      return monteclora;
    case "init_lora_weights":
      return mica;
    case "arrow_config":
      throw new LoraError("UNSUPPORTED", "a router is made of adapters that are there already", {
        advice: "load them, then call `addRouter`",
      });
    case "use_qalora":
      return qalora(config.qalora_group_size);
    default:
      return plain;
  }
}

function blockDiagonal(config: NonNullable<LoraConfig["use_bdlora"]>, module: string): Variant {
  const patterns = { down: config.target_modules_bd_a ?? [], up: config.target_modules_bd_b ?? [] };
  const factor = blockDiagonalFactor(module, patterns, config.match_strict);
  return factor === undefined ? plain : bdLora({ factor, blocks: config.nblocks });
}
