/** LoftQ: the base is quantised and the factors make up for the loss (arXiv 2310.08659). */
export interface LoftqConfig {
  /** Bits of the quantised base: 2, 4 or 8. */
  readonly loftq_bits: number;
  /** Alternations between quantising and factoring. */
  readonly loftq_iter: number;
}

/** EVA: A from the principal directions of a layer's inputs, ranks by their variance (arXiv 2410.07170). */
export interface EvaConfig {
  /** A layer may get up to r · rho, at least 1. */
  readonly rho: number;
  /** Directions whose cosine with the step before is above this have converged; 0 to 1. */
  readonly tau: number;
  /** Leave out the positions whose label is `label_mask_value`. */
  readonly use_label_mask: boolean;
  readonly label_mask_value: number;
  /** Divide each direction by its singular value. */
  readonly whiten: boolean;
  /** Scale alpha with the rank, so that the gradients of all layers stay of one size. */
  readonly adjust_scaling_factors: boolean;
}

/** CorDA: directions of W weighted by the covariance of its inputs (arXiv 2406.05223). */
export interface CordaConfig {
  readonly cache_file: string | null;
  readonly covariance_file: string | null;
  /** `ipm`: the directions the data uses most are trained; `kpm`: those it uses least, so knowledge stays. */
  readonly corda_method: "ipm" | "kpm";
  readonly verbose: boolean;
  readonly use_float16_for_covariance: boolean;
  readonly prune_temporary_fields: boolean;
}

/** LoRA-GA: factors from the gradient of the first batches (arXiv 2407.05000). */
export interface LoraGaConfig {
  /** Which singular directions of the gradient go to A and to B. */
  readonly direction: "ArBr" | "A2rBr" | "ArB2r" | "random";
  readonly scale: "stable" | "weight_svd" | "gd_scale" | "unit";
  /** γ of the scale `stable`. */
  readonly stable_gamma: number;
}

/** VeLoRA: inputs are kept as rank-one projections for the backward pass (arXiv 2405.17991). */
export interface VeloraConfig {
  /** Groups the features are cut into, above 0. */
  readonly num_groups: number;
  /** What the rebuilt inputs are multiplied with, above 0. */
  readonly scale: number;
  readonly init_type: "batch_average" | "batch_average_once" | "random";
}

/** KaSA: W without its r smallest components, ΔW = s · B · diag(Δσ) · A (arXiv 2412.06071). */
export interface KasaConfig {
  /** Weight of the loss Σ Δσ². */
  readonly beta: number;
  /** Weight of the loss ‖BᵀB − I‖ + ‖AAᵀ − I‖. */
  readonly gamma: number;
}

/** MonteCLoRA: Monte Carlo samples on top of the factors. */
export interface MontecloraConfig {
  readonly num_samples: number;
  readonly use_entropy: boolean;
  readonly dirichlet_prior: number;
  readonly sample_scaler: number;
  readonly kl_loss_weight: number;
  readonly buffer_size: number;
}

/** BD-LoRA: block-diagonal A or B, so that shards of a served model need not exchange them. */
export interface BdLoraConfig {
  /** Modules whose name contains one of these have a block-diagonal A. */
  readonly target_modules_bd_a: readonly string[] | null;
  readonly target_modules_bd_b: readonly string[] | null;
  readonly nblocks: number;
  /** A target in neither list is an error. */
  readonly match_strict: boolean;
}

/** Arrow: a token is routed to the adapters whose leading direction it matches (arXiv 2405.11157). */
export interface ArrowConfig {
  readonly top_k: number;
  readonly router_temperature: number;
  /** Take the general adapters off the task adapters first (GenKnowSub). */
  readonly use_gks: boolean;
  /** Set where adapters are put together; read and written, and reset at loading by PEFT. */
  readonly task_adapter_names: readonly string[] | null;
  readonly gks_adapter_names: readonly string[] | null;
  readonly rng_seed: number | null;
}

export const DEFAULT_LOFTQ_CONFIG: LoftqConfig = { loftq_bits: 4, loftq_iter: 1 };

export const DEFAULT_EVA_CONFIG: EvaConfig = {
  rho: 2,
  tau: 0.99,
  use_label_mask: true,
  label_mask_value: -100,
  whiten: false,
  adjust_scaling_factors: true,
};

export const DEFAULT_CORDA_CONFIG: CordaConfig = {
  cache_file: null,
  covariance_file: null,
  corda_method: "ipm",
  verbose: false,
  use_float16_for_covariance: false,
  prune_temporary_fields: true,
};

export const DEFAULT_LORA_GA_CONFIG: LoraGaConfig = {
  direction: "ArB2r",
  scale: "stable",
  stable_gamma: 16,
};

export const DEFAULT_VELORA_CONFIG: VeloraConfig = {
  num_groups: 64,
  scale: 1,
  init_type: "batch_average",
};

export const DEFAULT_KASA_CONFIG: KasaConfig = { beta: 1e-4, gamma: 1e-3 };

export const DEFAULT_MONTECLORA_CONFIG: MontecloraConfig = {
  num_samples: 8,
  use_entropy: false,
  dirichlet_prior: 0.1,
  sample_scaler: 1e-4,
  kl_loss_weight: 1e-5,
  buffer_size: 150,
};

export const DEFAULT_BD_LORA_CONFIG: BdLoraConfig = {
  target_modules_bd_a: null,
  target_modules_bd_b: null,
  nblocks: 1,
  match_strict: true,
};

export const DEFAULT_ARROW_CONFIG: ArrowConfig = {
  top_k: 3,
  router_temperature: 1,
  use_gks: false,
  task_adapter_names: null,
  gks_adapter_names: null,
  rng_seed: null,
};
