import type { Matrix } from "@lora/linalg";

/** What went into modules in one forward pass. */
export interface ActivationBatch {
  /** tokens × in, by module; all leading axes of the input are flattened into tokens. */
  readonly inputs: ReadonlyMap<string, Matrix>;
  /** One entry a token; tokens whose entry is 0 or false are left out. All count when it is left out. */
  readonly mask?: ArrayLike<number | boolean> | undefined;
}

/** Where activations come from: a file, a model that runs, a test. Must give the same batches each time. */
export interface ActivationSource {
  batches(): AsyncIterable<ActivationBatch> | Iterable<ActivationBatch>;
}
