import type {
  AnyMatrix,
  Matrix,
  MatrixLike,
  ProductBasis,
  ProductSpectrum,
  ReducedProduct,
  Svd,
} from "@lora/linalg";

/** `up · down` with the scale folded in: the update as an exact product of two thin matrices. */
export interface Factors {
  /** out × r */
  readonly up: Matrix;
  /** r × in (conv: r × in·k·k) */
  readonly down: Matrix;
}

/** `scale` · up · down: the update with its factors as they are stored. */
export interface StoredFactors {
  /** out × r */
  readonly up: AnyMatrix;
  /** r × in (conv: r × in·k·k) */
  readonly down: AnyMatrix;
  readonly scale: number;
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
  /** The same product with the scale apart, and values of 32 bits or less in their own type. */
  storedFactors(): StoredFactors;
  /** The singular values alone, descending, scale included: those of `svd`, without a vector of it. */
  singularValues(): Float64Array;
  /** The singular values, and what u and v are made of: u = up · left and v = downᵀ · right of `storedFactors`. */
  spectrum(): ProductSpectrum;
  /** The singular values, and what makes those pairs that are wanted: less work than `spectrum` where they are few. */
  basis(): ProductBasis;
  /** The same from Gram matrices that are summed in runs of f32, where these tell it: see `productBasisInRuns`. */
  basisInRuns?(): ReducedProduct | undefined;
  /** Thin SVD of ΔW with at most `maxRank` values, scale included. */
  svd(): Svd;
}
