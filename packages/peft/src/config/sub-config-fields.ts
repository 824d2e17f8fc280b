import type { FieldType } from "./field-type.ts";
import {
  aboveZero,
  flag,
  float,
  listOf,
  oneOf,
  orNull,
  text,
  wholeAboveZero,
  wholeNumber,
} from "./field-type.ts";
import type { LoraConfig, LoraRuntimeConfig } from "./lora-config.ts";
import type { SubConfigField } from "./lora-config-options.ts";
import type { FieldTypes } from "./lora-fields.ts";
import type {
  ArrowConfig,
  BdLoraConfig,
  CordaConfig,
  EvaConfig,
  KasaConfig,
  LoftqConfig,
  LoraGaConfig,
  MontecloraConfig,
  VeloraConfig,
} from "./sub-configs.ts";
import {
  DEFAULT_ARROW_CONFIG,
  DEFAULT_BD_LORA_CONFIG,
  DEFAULT_CORDA_CONFIG,
  DEFAULT_EVA_CONFIG,
  DEFAULT_KASA_CONFIG,
  DEFAULT_LORA_GA_CONFIG,
  DEFAULT_MONTECLORA_CONFIG,
  DEFAULT_VELORA_CONFIG,
} from "./sub-configs.ts";

const texts = listOf(text, "texts");

/** LoftQ's fields stay a plain object, as they are given. */
export const LOFTQ_FIELDS: FieldTypes<Partial<LoftqConfig>> = {
  loftq_bits: wholeAboveZero,
  loftq_iter: wholeAboveZero,
};

const EVA_FIELDS: FieldTypes<EvaConfig> = {
  rho: float,
  tau: float,
  use_label_mask: flag,
  label_mask_value: wholeNumber,
  whiten: flag,
  adjust_scaling_factors: flag,
};

const CORDA_FIELDS: FieldTypes<CordaConfig> = {
  cache_file: orNull(text),
  covariance_file: orNull(text),
  corda_method: oneOf("ipm", "kpm"),
  verbose: flag,
  use_float16_for_covariance: flag,
  prune_temporary_fields: flag,
};

const LORA_GA_FIELDS: FieldTypes<LoraGaConfig> = {
  direction: oneOf("ArBr", "A2rBr", "ArB2r", "random"),
  scale: oneOf("stable", "weight_svd", "gd_scale", "unit"),
  stable_gamma: aboveZero,
};

const VELORA_FIELDS: FieldTypes<VeloraConfig> = {
  num_groups: wholeNumber,
  scale: float,
  init_type: oneOf("batch_average_once", "batch_average", "random"),
};

const KASA_FIELDS: FieldTypes<KasaConfig> = { beta: float, gamma: float };

const MONTECLORA_FIELDS: FieldTypes<MontecloraConfig> = {
  num_samples: wholeNumber,
  use_entropy: flag,
  dirichlet_prior: float,
  sample_scaler: float,
  kl_loss_weight: float,
  buffer_size: wholeNumber,
};

const BD_LORA_FIELDS: FieldTypes<BdLoraConfig> = {
  target_modules_bd_a: orNull(texts),
  target_modules_bd_b: orNull(texts),
  nblocks: wholeAboveZero,
  match_strict: flag,
};

const ARROW_FIELDS: FieldTypes<ArrowConfig> = {
  top_k: wholeNumber,
  router_temperature: float,
  use_gks: flag,
  task_adapter_names: orNull(texts),
  gks_adapter_names: orNull(texts),
  rng_seed: orNull(wholeNumber),
};

/** A part of the configuration with its fields. */
export interface SubConfigFields {
  readonly field: keyof LoraConfig;
  readonly types: Readonly<Record<string, FieldType>>;
  readonly defaults: object;
}

export const SUB_CONFIGS: readonly (SubConfigFields & { readonly field: SubConfigField })[] = [
  { field: "velora_config", types: VELORA_FIELDS, defaults: DEFAULT_VELORA_CONFIG },
  { field: "kasa_config", types: KASA_FIELDS, defaults: DEFAULT_KASA_CONFIG },
  { field: "eva_config", types: EVA_FIELDS, defaults: DEFAULT_EVA_CONFIG },
  { field: "corda_config", types: CORDA_FIELDS, defaults: DEFAULT_CORDA_CONFIG },
  { field: "lora_ga_config", types: LORA_GA_FIELDS, defaults: DEFAULT_LORA_GA_CONFIG },
  { field: "arrow_config", types: ARROW_FIELDS, defaults: DEFAULT_ARROW_CONFIG },
  { field: "use_bdlora", types: BD_LORA_FIELDS, defaults: DEFAULT_BD_LORA_CONFIG },
  { field: "monteclora_config", types: MONTECLORA_FIELDS, defaults: DEFAULT_MONTECLORA_CONFIG },
];

const RUNTIME_FIELDS: FieldTypes<LoraRuntimeConfig> = { ephemeral_gpu_offload: flag };

/** Settings of a running model: checked as any part, and never written. */
export const RUNTIME: SubConfigFields = {
  field: "runtime_config",
  types: RUNTIME_FIELDS,
  defaults: { ephemeral_gpu_offload: false },
};
