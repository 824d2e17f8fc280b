import type { JsonObject } from "./json-text.ts";
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

/** What the adapted model is for. */
export type TaskType =
  | "SEQ_CLS"
  | "SEQ_2_SEQ_LM"
  | "CAUSAL_LM"
  | "TOKEN_CLS"
  | "QUESTION_ANS"
  | "FEATURE_EXTRACTION";

/** How the factors start. `true`: A random, B zero; `false`: both random. */
export type InitLoraWeights =
  | boolean
  | "gaussian"
  | "eva"
  | "olora"
  | "pissa"
  | `pissa_niter_${number}`
  | "corda"
  | "loftq"
  | "orthogonal"
  | "mica"
  | "lora_ga";

/** Settings of a running model. They are never in a file. */
export interface LoraRuntimeConfig {
  readonly ephemeral_gpu_offload: boolean;
}

/**
 * The configuration of a LoRA: every field of PEFT 0.21's `LoraConfig`, under the names that
 * `adapter_config.json` has, so that a file, PEFT's documentation and a program say the same. All fields are
 * there; `loraConfig` fills in the defaults.
 *
 * @see PEFT tuners/lora/config.py
 */
export interface LoraConfig {
  readonly task_type: TaskType | null;
  readonly peft_type: "LORA";
  /** `{ base_model_class, parent_library }` of a model that PEFT has no task type for. */
  readonly auto_mapping: JsonObject | null;
  /** What wrote the file; null in files older than PEFT 0.18. */
  readonly peft_version: string | null;
  readonly base_model_name_or_path: string | null;
  /** Of the base model. */
  readonly revision: string | null;
  readonly inference_mode: boolean;
  /** Rank of the modules that `rank_pattern` does not name. */
  readonly r: number;
  /** A list: whole names or their ends. A string: a Python expression for the whole name, or `all-linear`. */
  readonly target_modules: readonly string[] | string | null;
  readonly exclude_modules: readonly string[] | string | null;
  /** scale = lora_alpha / r, or / √r with `use_rslora`. */
  readonly lora_alpha: number;
  /** Probability of dropping an input of A while training; 0 to 1. */
  readonly lora_dropout: number;
  /** The base stores its weights as in × out (GPT-2's Conv1D). */
  readonly fan_in_fan_out: boolean;
  /** Which biases of the base are trained and saved. */
  readonly bias: "none" | "all" | "lora_only";
  readonly use_rslora: boolean;
  /** Modules trained and saved whole. */
  readonly modules_to_save: readonly string[] | null;
  readonly init_lora_weights: InitLoraWeights;
  /** Numbers of the layers that are adapted; with a list of targets only. */
  readonly layers_to_transform: readonly number[] | number | null;
  /** Names of the lists that hold those layers, e.g. `layers`, as Python expressions. */
  readonly layers_pattern: readonly string[] | string | null;
  /** Python expression for the end of a name → rank. The first that fits counts. */
  readonly rank_pattern: Readonly<Record<string, number>>;
  readonly alpha_pattern: Readonly<Record<string, number>>;
  readonly megatron_config: JsonObject | null;
  readonly megatron_core: string | null;
  /** Rows of the embedding (or of the named modules) that are trained and saved. */
  readonly trainable_token_indices: readonly number[] | Readonly<Record<string, readonly number[]>> | null;
  /** Empty unless `init_lora_weights` is `loftq`. */
  readonly loftq_config: Partial<LoftqConfig>;
  readonly eva_config: EvaConfig | null;
  readonly corda_config: CordaConfig | null;
  readonly lora_ga_config: LoraGaConfig | null;
  /** Magnitudes of their own for the rows of W + ΔW (arXiv 2402.09353). */
  readonly use_dora: boolean;
  readonly velora_config: VeloraConfig | null;
  /** aLoRA: the adapter acts from these tokens on (arXiv 2504.12397). */
  readonly alora_invocation_tokens: readonly number[] | null;
  /** QALoRA: A acts on inputs averaged in groups (arXiv 2309.14717). */
  readonly use_qalora: boolean;
  readonly qalora_group_size: number;
  readonly monteclora_config: MontecloraConfig | null;
  /** A new stack of layers out of ranges `[start, end)` of the old, with adapters of their own. */
  readonly layer_replication: readonly (readonly [start: number, end: number])[] | null;
  readonly runtime_config: LoraRuntimeConfig;
  /** A trained bias of B. */
  readonly lora_bias: boolean;
  /** Parameters that are adapted without a module of their own, e.g. packed experts. */
  readonly target_parameters: readonly string[] | null;
  readonly use_bdlora: BdLoraConfig | null;
  readonly arrow_config: ArrowConfig | null;
  readonly kasa_config: KasaConfig | null;
  /** Adapters of tied weights are tied too. */
  readonly ensure_weight_tying: boolean;
}

/** The version of PEFT whose files, defaults and rules these are. */
export const PEFT_VERSION = "0.21.0";

/** What PEFT 0.21 takes where nothing is given. */
export const DEFAULT_LORA_CONFIG: LoraConfig = {
  task_type: null,
  peft_type: "LORA",
  auto_mapping: null,
  peft_version: PEFT_VERSION,
  base_model_name_or_path: null,
  revision: null,
  inference_mode: false,
  r: 8,
  target_modules: null,
  exclude_modules: null,
  lora_alpha: 8,
  lora_dropout: 0,
  fan_in_fan_out: false,
  bias: "none",
  use_rslora: false,
  modules_to_save: null,
  init_lora_weights: true,
  layers_to_transform: null,
  layers_pattern: null,
  rank_pattern: {},
  alpha_pattern: {},
  megatron_config: null,
  megatron_core: "megatron.core",
  trainable_token_indices: null,
  loftq_config: {},
  eva_config: null,
  corda_config: null,
  lora_ga_config: null,
  use_dora: false,
  velora_config: null,
  alora_invocation_tokens: null,
  use_qalora: false,
  qalora_group_size: 16,
  monteclora_config: null,
  layer_replication: null,
  runtime_config: { ephemeral_gpu_offload: false },
  lora_bias: false,
  target_parameters: null,
  use_bdlora: null,
  arrow_config: null,
  kasa_config: null,
  ensure_weight_tying: false,
};
