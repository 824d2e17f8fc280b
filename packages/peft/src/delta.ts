import type { Matrix, MatrixLike, Svd } from "@lora/linalg";

/** `up · down` with the scale folded in: the update as an exact product of two thin matrices. */
export interface Factors {
  /** out × r */
  readonly up: Matrix;
  /** r × in (conv: r × in·k·k) */
  readonly down: Matrix;
}

/**
 * What a module adds to its weight, ΔW (out × in, a convolution flattened to out × in·k·k), whatever it
 * is stored as. The scale is part of it: nothing downstream knows alpha.
 */
export interface Delta extends MatrixLike {
  /** An upper bound of the rank, known without looking at values. */
  readonly maxRank: number;
  /** ‖ΔW‖_F */
  frobeniusNorm(): number;
  /** ⟨ΔW, other⟩ = Σᵢⱼ ΔWᵢⱼ·otherᵢⱼ */
  inner(other: Delta): number;
  /** An exact product of `maxRank` inner size. */
  factors(): Factors;
  /** Thin SVD of ΔW with at most `maxRank` values, scale included. */
  svd(): Svd;
}
