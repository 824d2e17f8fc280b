import { LoraError } from "@lora/tensor";
import { isObject } from "./field-type.ts";
import type { JsonObject } from "./json-text.ts";
import { parseObject } from "./json-text.ts";
import type { LoraConfig } from "./lora-config.ts";
import { PEFT_VERSION } from "./lora-config.ts";
import { LORA_FIELDS } from "./lora-fields.ts";
import { numberSpellings } from "./number-spellings.ts";
import { otherMethod } from "./peft-methods.ts";
import type { NumberSpellings } from "./python-json.ts";
import { pointerTo, pythonJson } from "./python-json.ts";
import type { ResolvedLoraConfig } from "./resolve-lora-config.ts";
import { resolveLoraConfig } from "./resolve-lora-config.ts";
import { SUB_CONFIGS } from "./sub-config-fields.ts";

/** The side file that PEFT writes next to the weights. */
export const PEFT_CONFIG = "adapter_config.json";

/** A LoRA configuration as read, with all that is needed to write the same text again. */
export interface LoraConfigFile extends ResolvedLoraConfig {
  /** How its numbers were written. */
  readonly spellings: NumberSpellings;
}

/** What of a file is written again with its configuration. */
export type LoraConfigExtras = Partial<Pick<LoraConfigFile, "unknown" | "spellings">>;

/**
 * Reads the text of an `adapter_config.json`. Fields that older versions of PEFT did not write get its defaults,
 * apart from `peft_version`, which is then null.
 *
 * @param where name of the text, for messages
 * @throws LoraError FORMAT when it is no JSON object, names no `peft_type`, has a field of the wrong type or breaks
 *   a rule between fields; UNSUPPORTED for other methods of PEFT than LORA
 */
export function parseLoraConfig(text: string, where: string = PEFT_CONFIG): LoraConfigFile {
  const fields = parseObject(text, where);
  demandLora(fields, where);
  return { ...loraConfigOf(fields, where), spellings: numberSpellings(text) };
}

/**
 * The same from fields that are parsed already, which need not name their `peft_type`.
 *
 * @throws LoraError FORMAT when a field has the wrong type or a rule between fields is broken
 */
export function loraConfigOf(fields: JsonObject, where: string): ResolvedLoraConfig {
  const { runtime_config: runtime, ...stored } = fields;
  const resolved = resolveLoraConfig({ peft_version: null, ...stored }, { code: "FORMAT", where });
  if (runtime === undefined) return resolved;
  const warning = "runtime_config is not used: it is for running models, and never in a file";
  return { ...resolved, warnings: [...resolved.warnings, warning] };
}

function demandLora(fields: JsonObject, where: string): void {
  const type = fields["peft_type"];
  if (typeof type !== "string") {
    throw new LoraError("FORMAT", `${where} names no peft_type`, {
      sidecar: where,
      advice: `if it is a LoRA of PEFT, add "peft_type": "LORA" with its r and lora_alpha`,
    });
  }
  if (type !== "LORA") throw otherMethod(type);
}

/**
 * The text of an `adapter_config.json`, byte for byte as PEFT 0.21 writes it: every field but `runtime_config`,
 * sorted by name, lists that are sets there in order. PEFT writes its own version where none is known, and so
 * does this.
 *
 * @throws LoraError NUMERIC for a number that is not finite
 */
export function printLoraConfig(config: LoraConfig, extras: LoraConfigExtras = {}): string {
  const { runtime_config: _, ...stored } = config;
  const unknown = Object.entries(extras.unknown ?? {}).map(([field, value]) => {
    const known = Object.hasOwn(LORA_FIELDS, field) ? config[field as keyof LoraConfig] : undefined;
    return [field, isObject(known) && isObject(value) ? { ...value, ...known } : value];
  });
  const fields = {
    ...stored,
    peft_version: config.peft_version ?? PEFT_VERSION,
    ...Object.fromEntries(unknown),
  };
  return pythonJson(fields, { sorted: true, floats: FLOATS, spellings: extras.spellings ?? new Map() });
}

const FLOATS: ReadonlySet<string> = new Set([
  ...Object.entries(LORA_FIELDS).flatMap(([field, { isFloat }]) => (isFloat ? [pointerTo("", field)] : [])),
  ...SUB_CONFIGS.flatMap(({ field, types }) =>
    Object.entries(types).flatMap(([name, { isFloat }]) =>
      isFloat ? [pointerTo(pointerTo("", field), name)] : [],
    ),
  ),
]);
