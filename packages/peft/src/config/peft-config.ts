import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { parseObject } from "./json-text.ts";
import type { JsonObject } from "./json-text.ts";

/** The side file that PEFT writes next to the weights. */
export const PEFT_CONFIG = "adapter_config.json";

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

/** The parsed side file, or undefined where there is none. */
export function peftConfig(file: TensorFile): JsonObject | undefined {
  const text = file.sidecars.get(PEFT_CONFIG);
  return text === undefined ? undefined : parseObject(text, PEFT_CONFIG);
}

/** What the side file says it configures, e.g. `LORA`; undefined where nothing says. Never throws. */
export function peftType(file: TensorFile): string | undefined {
  try {
    const type = peftConfig(file)?.["peft_type"];
    return typeof type === "string" ? type : undefined;
  } catch {
    return undefined;
  }
}

/** The error for an adapter of another method of PEFT. */
export function otherMethod(type: string): LoraError {
  return new LoraError("UNSUPPORTED", `the adapter is of PEFT's type ${type}; only LORA is handled`, {
    sidecar: PEFT_CONFIG,
    peftType: type,
    advice: "let PEFT's convert_to_lora turn it into a LoRA, where that method has one",
  });
}

/**
 * Accepts the configuration of a plain LoRA, and of DoRA, whose product is the same.
 *
 * @throws LoraError FORMAT without `peft_type`; UNSUPPORTED for another method, or for options under which the
 *   factors mean something else
 */
export function demandPlainLora(config: JsonObject): void {
  const type = config["peft_type"];
  if (typeof type !== "string") {
    throw new LoraError("FORMAT", `${PEFT_CONFIG} names no peft_type`, {
      sidecar: PEFT_CONFIG,
      advice: `if it is a LoRA of PEFT, add "peft_type": "LORA" with its r and lora_alpha`,
    });
  }
  if (type !== "LORA") throw otherMethod(type);
  const found = OTHER_MEANINGS.find(([field]) => isSet(config[field]));
  if (found === undefined) return;
  throw new LoraError("UNSUPPORTED", `the adapter is ${found[1]}; only plain LoRA is handled`, {
    sidecar: PEFT_CONFIG,
    field: found[0],
  });
}

/** What a reader of the numbers must know besides them. */
export function configWarnings(config: JsonObject): string[] {
  const init = config["init_lora_weights"];
  if (typeof init !== "string" || !BASE_CHANGING.test(init)) return [];
  return [
    `the adapter was initialised with ${init}, which changes the base weights at loading: ` +
      "the factors alone are not the whole change; convert it to a plain LoRA with PEFT before changing ranks",
  ];
}

function isSet(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  return !(Array.isArray(value) && value.length === 0);
}
