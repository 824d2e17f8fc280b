import type { Matrix } from "@lora/linalg";

/** A low-rank update as the metrics see it: its SVD, scale included, and the factors as stored. */
export interface Update {
  /** out × k, orthonormal columns */
  readonly u: Matrix;
  /** k singular values of ΔW, descending */
  readonly s: Float64Array;
  /** in × k, orthonormal columns */
  readonly v: Matrix;
  /** What the file holds, scale not applied; absent for updates that are not stored as a product. */
  readonly stored?: { readonly up: Matrix; readonly down: Matrix; readonly scale: number; readonly alpha: number | undefined };
}
