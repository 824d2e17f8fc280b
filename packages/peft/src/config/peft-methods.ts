import { LoraError } from "@lora/tensor";

/** Every `peft_type` of PEFT 0.21. */
const PEFT_METHODS: readonly string[] = [
  "PROMPT_TUNING",
  "MULTITASK_PROMPT_TUNING",
  "P_TUNING",
  "PREFIX_TUNING",
  "LORA",
  "ADALORA",
  "ADAMSS",
  "BOFT",
  "ADAPTION_PROMPT",
  "IA3",
  "BEFT",
  "LILY",
  "LOHA",
  "LOKR",
  "OFT",
  "POLY",
  "LN_TUNING",
  "VERA",
  "FROD",
  "PVERA",
  "FOURIERFT",
  "GLORA",
  "XLORA",
  "HRA",
  "VBLORA",
  "UNILORA",
  "CPT",
  "MISS",
  "RANDLORA",
  "ROAD",
  "TRAINABLE_TOKENS",
  "HIRA",
  "SHIRA",
  "C3A",
  "WAVEFT",
  "OSF",
  "DELORA",
  "GRALORA",
  "CARTRIDGE",
  "TINYLORA",
  "PSOFT",
  "PEANUT",
  "SHADOW",
  "SUPERTUNING",
  "DEFT",
];

/** Methods whose updates are read. */
const READ_METHODS: readonly string[] = ["LORA", "ADALORA", "LOHA", "LOKR", "OFT", "BOFT", "GLORA", "IA3"];

/** Whether adapters of this `peft_type` are read. */
export function isReadMethod(type: string): boolean {
  return READ_METHODS.includes(type);
}

/** The error for an adapter of another method of PEFT, or of none. */
export function otherMethod(type: string): LoraError {
  const isKnown = PEFT_METHODS.includes(type);
  const message = isKnown
    ? `the adapter is of PEFT's type ${type}, which is not handled here`
    : `the adapter says that it is of type ${type}, which PEFT 0.21 does not have`;
  return new LoraError("UNSUPPORTED", message, {
    sidecar: "adapter_config.json",
    peftType: type,
    advice: isKnown
      ? "let PEFT's convert_to_lora turn it into a LoRA, where that method has one"
      : "look in what wrote the adapter for a way to export a LoRA",
  });
}
