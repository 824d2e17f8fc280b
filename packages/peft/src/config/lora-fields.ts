import type { FieldType } from "./field-type.ts";
import {
  aboveZero,
  either,
  flag,
  listOf,
  mappingTo,
  object,
  oneOf,
  orNull,
  probability,
  range,
  text,
  wholeAboveZero,
  wholeNumber,
} from "./field-type.ts";
import type { InitLoraWeights, LoraConfig } from "./lora-config.ts";
/** The type of every field of a configuration. */
export type FieldTypes<T> = Readonly<Record<keyof T, FieldType>>;

const texts = listOf(text, "texts");
const wholeNumbers = listOf(wholeNumber, "whole numbers");

/** As PEFT compares them: some in any case, most exactly. */
const IN_ANY_CASE = /^(?:gaussian|olora|mica)$/i;
const EXACTLY = /^(?:eva|pissa(?:_niter_\d+)?|corda|loftq|orthogonal|lora_ga)$/;
const initialisation: FieldType = {
  ...text,
  rule: "true, false, gaussian, eva, olora, pissa, pissa_niter_N, corda, loftq, orthogonal, mica or lora_ga",
  fits: (value) =>
    flag.fits(value) || (typeof value === "string" && (IN_ANY_CASE.test(value) || EXACTLY.test(value))),
};

/** The one spelling of an initialisation that PEFT takes in any case. */
export function initialisationOf(value: InitLoraWeights): InitLoraWeights {
  return typeof value === "string" ? (value.toLowerCase() as InitLoraWeights) : value;
}

export const LORA_FIELDS: FieldTypes<LoraConfig> = {
  task_type: orNull(
    oneOf("SEQ_CLS", "SEQ_2_SEQ_LM", "CAUSAL_LM", "TOKEN_CLS", "QUESTION_ANS", "FEATURE_EXTRACTION"),
  ),
  peft_type: oneOf("LORA"),
  auto_mapping: orNull(object),
  peft_version: orNull(text),
  base_model_name_or_path: orNull(text),
  revision: orNull(text),
  inference_mode: flag,
  r: wholeAboveZero,
  target_modules: orNull(either(texts, text)),
  exclude_modules: orNull(either(texts, text)),
  lora_alpha: aboveZero,
  lora_dropout: probability,
  fan_in_fan_out: flag,
  bias: oneOf("none", "all", "lora_only"),
  use_rslora: flag,
  modules_to_save: orNull(texts),
  init_lora_weights: initialisation,
  layers_to_transform: orNull(either(wholeNumbers, wholeNumber)),
  layers_pattern: orNull(either(texts, text)),
  rank_pattern: mappingTo(wholeAboveZero),
  alpha_pattern: mappingTo(aboveZero),
  megatron_config: orNull(object),
  megatron_core: orNull(text),
  trainable_token_indices: orNull(either(wholeNumbers, mappingOfIndices())),
  loftq_config: object,
  eva_config: orNull(object),
  corda_config: orNull(object),
  lora_ga_config: orNull(object),
  use_dora: flag,
  velora_config: orNull(object),
  alora_invocation_tokens: orNull(wholeNumbers),
  use_qalora: flag,
  qalora_group_size: wholeAboveZero,
  monteclora_config: orNull(object),
  layer_replication: orNull(listOf(range, "pairs [start, end]")),
  runtime_config: object,
  lora_bias: flag,
  target_parameters: orNull(texts),
  use_bdlora: orNull(object),
  arrow_config: orNull(object),
  kasa_config: orNull(object),
  ensure_weight_tying: flag,
};

function mappingOfIndices(): FieldType {
  const fits = (value: unknown): boolean =>
    object.fits(value) && Object.values(value as object).every(wholeNumbers.fits);
  return { ...object, rule: "an object of such lists", fits };
}
