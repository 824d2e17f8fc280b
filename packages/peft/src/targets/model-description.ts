import type { Shape } from "@lora/tensor";

/** What a module is, as far as adapters care. `other`: norms, activations, containers. */
export type ModuleKind =
  | "linear"
  | "transposed-linear" // stores in × out: GPT-2's Conv1D
  | "embedding"
  | "conv1d"
  | "conv2d"
  | "conv3d"
  | "attention" // with a packed in_proj_weight: torch's MultiheadAttention
  | "other";

/** A parameter that a module holds itself. */
export interface ParameterDescription {
  /** Inside the module: `weight`, `bias`, `gate_up_proj`. */
  readonly name: string;
  readonly shape: Shape;
}

/** A module, containers too. */
export interface ModuleDescription {
  /** Dotted path; empty for the model itself. */
  readonly name: string;
  readonly kind: ModuleKind;
  readonly parameters: readonly ParameterDescription[];
}

/** What choosing targets must know of a model: no values. A file of named weights can give it, or a running model. */
export interface ModelDescription {
  /** Parents before children, in the order of the model. */
  readonly modules: readonly ModuleDescription[];
  /** As transformers names it: `llama`, `gpt2`. Gives default targets. */
  readonly modelType?: string | undefined;
  /** Comes from transformers, so that `all-linear` leaves its head out. */
  readonly isPretrained?: boolean | undefined;
  /** The module that turns tokens into vectors. */
  readonly inputEmbedding?: string | undefined;
  /** The module that turns vectors into logits of tokens. */
  readonly outputEmbedding?: string | undefined;
  /** Modules that share the weight of `inputEmbedding`. */
  readonly tied?: readonly string[] | undefined;
}
