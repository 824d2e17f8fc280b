import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { JsonObject } from "./json-text.ts";
import { parseObject } from "./json-text.ts";
import type { LoraConfigFile } from "./lora-config-text.ts";
import { parseLoraConfig, PEFT_CONFIG } from "./lora-config-text.ts";

/** Header metadata in which diffusers keeps the LoRA configuration of each component. */
export const HEADER_CONFIG = "lora_adapter_metadata";

/** Options of LoRA that change what the factors mean, with the reason they are not read as a plain product. */
const OTHER_MEANINGS: readonly (readonly [field: string, what: string])[] = [
  ["enable_lora", "a merged linear layer of an old PEFT (enable_lora), whose B is grouped"],
  ["use_bdlora", "block-diagonal LoRA (use_bdlora)"],
  ["use_qalora", "QALoRA (use_qalora), whose A acts on pooled inputs"],
  ["kasa_config", "KaSA (kasa_config), with a diagonal between the factors"],
  ["target_parameters", "LoRA on parameters (target_parameters), with experts packed into the factors"],
];

/** Initialisations that also change the base weights, so that the factors alone are not the whole change. */
const BASE_CHANGING = /^(?:pissa|olora|corda|lora_ga|loftq)/i;

/** What the side file says it configures, e.g. `LORA`; undefined where nothing says. Never throws. */
export function peftType(file: TensorFile): string | undefined {
  try {
    const text = file.sidecars.get(PEFT_CONFIG);
    const type = text === undefined ? undefined : parseObject(text, PEFT_CONFIG)["peft_type"];
    return typeof type === "string" ? type : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The side file of a plain LoRA, or of DoRA, whose product is the same; undefined where there is none.
 *
 * @throws LoraError as `parseLoraConfig` does; UNSUPPORTED for options under which the factors mean something else
 */
export function plainLoraConfig(file: TensorFile): LoraConfigFile | undefined {
  const text = file.sidecars.get(PEFT_CONFIG);
  if (text === undefined) return undefined;
  const found = parseLoraConfig(text);
  const fields: JsonObject = { ...found.config, ...found.unknown };
  const other = OTHER_MEANINGS.find(([field]) => isSet(fields[field]));
  if (other === undefined) return found;
  throw new LoraError("UNSUPPORTED", `the adapter is ${other[1]}; only plain LoRA is handled`, {
    sidecar: PEFT_CONFIG,
    field: other[0],
  });
}

/** What a reader of the numbers must know besides them. */
export function configWarnings({ config, warnings }: Pick<LoraConfigFile, "config" | "warnings">): string[] {
  const init = config.init_lora_weights;
  if (typeof init !== "string" || !BASE_CHANGING.test(init)) return [...warnings];
  return [
    ...warnings,
    `the adapter was initialised with ${init}, which changes the base weights at loading: ` +
      "the factors alone are not the whole change; convert it to a plain LoRA with PEFT before changing ranks",
  ];
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}
