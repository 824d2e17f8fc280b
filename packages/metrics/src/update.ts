import type { Matrix } from "@lora/linalg";

/** What a file holds, scale not applied. */
export interface StoredFactors {
  /** out × r */
  readonly up: Matrix;
  /** r × in */
  readonly down: Matrix;
  readonly scale: number;
  /** As the file (or its config) says; undefined where it says nothing. */
  readonly alpha: number | undefined;
}

/** A low-rank update as the metrics see it: its SVD, scale included, and the factors as stored. */
export interface Update {
  /** out × k, orthonormal columns */
  readonly u: Matrix;
  /** k singular values of ΔW, descending */
  readonly s: Float64Array;
  /** in × k, orthonormal columns */
  readonly v: Matrix;
  /** Absent for updates that are not stored as a product. */
  readonly stored?: StoredFactors | undefined;
}
