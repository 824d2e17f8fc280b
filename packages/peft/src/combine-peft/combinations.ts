/** What one of PEFT's combination types does with the tensors of the adapters. */
export interface PeftCombination {
  readonly prune: "none" | "magnitude" | "random";
  /** `stack` puts factors beside each other. */
  readonly merge: "stack" | "sum" | "elect";
  /** On updates, which are then decomposed; else on down and up factors apart. */
  readonly onUpdates: boolean;
}

/** The name of one of PEFT's combination types. */
export type PeftCombinationName =
  | "cat"
  | "dare_linear"
  | "dare_linear_svd"
  | "dare_ties"
  | "dare_ties_svd"
  | "linear"
  | "magnitude_prune"
  | "magnitude_prune_svd"
  | "svd"
  | "ties"
  | "ties_svd";

/** The combination types of `add_weighted_adapter` in PEFT 0.21, by name. */
export const PEFT_COMBINATIONS: Readonly<Record<PeftCombinationName, PeftCombination>> = {
  cat: { prune: "none", merge: "stack", onUpdates: false },
  dare_linear: { prune: "random", merge: "sum", onUpdates: false },
  dare_linear_svd: { prune: "random", merge: "sum", onUpdates: true },
  dare_ties: { prune: "random", merge: "elect", onUpdates: false },
  dare_ties_svd: { prune: "random", merge: "elect", onUpdates: true },
  linear: { prune: "none", merge: "sum", onUpdates: false },
  magnitude_prune: { prune: "magnitude", merge: "sum", onUpdates: false },
  magnitude_prune_svd: { prune: "magnitude", merge: "sum", onUpdates: true },
  svd: { prune: "none", merge: "sum", onUpdates: true },
  ties: { prune: "magnitude", merge: "elect", onUpdates: false },
  ties_svd: { prune: "magnitude", merge: "elect", onUpdates: true },
};
