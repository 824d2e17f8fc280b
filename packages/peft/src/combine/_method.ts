import type { Float64Matrix } from "@lora/linalg";

/** What the methods may be told; each takes those that its `options` name. */
export interface CombineOptions {
  /** Share of the entries of each update that stays, 0 < density ≤ 1. */
  readonly density?: number | undefined;
  /** Half the width of the window of chances to stay, around the density. */
  readonly epsilon?: number | undefined;
  /** Share of the entries that goes for being the largest. */
  readonly outliers?: number | undefined;
  /** Whose sign wins an entry: that of the sum, or that of most updates. */
  readonly sign?: "total" | "frequency" | undefined;
}

/** The result is a linear combination of the updates: it has exact factors, theirs stacked. */
export interface CoefficientRule {
  readonly kind: "coefficients";
  /**
   * @param gram K × K, symmetric: ⟨ΔWᵢ, ΔWⱼ⟩
   * @param weights K, none of them 0
   * @returns cᵢ of Σ cᵢ·ΔWᵢ
   */
  coefficients(gram: Float64Matrix, weights: readonly number[]): readonly number[];
}

/** Which entries of an update stay, and what those that stay are multiplied with. */
export type Sparsifier =
  | {
      /** By size among all entries of the update: shares that go at either end. */
      readonly by: "size";
      readonly smallest: number;
      readonly largest: number;
    }
  | {
      /** By chance: an entry stays with a probability p, and is divided by it, so that the expectation is the update. */
      readonly by: "chance";
      /** Writes p for every entry of a row. */
      chances(row: Float32Array, into: Float64Array): void;
    };

/** The result is made entry by entry, and has a full rank as a rule. */
export interface EntryRule {
  readonly kind: "entries";
  readonly sparsifier: Sparsifier;
  /** `sum` adds what is left; in an election only the entries of the winning sign count, at the weight of all. */
  readonly merge: "sum" | "elect";
  readonly sign: "total" | "frequency";
}

export type CombineRule = CoefficientRule | EntryRule;

/** A way to make one update of several: one file of this folder. */
export interface CombineMethod {
  readonly id: string;
  /** What it makes, as a short sentence. */
  readonly title: string;
  /** The paper or the code it comes from. */
  readonly source: string;
  readonly options: readonly (keyof CombineOptions)[];
  /**
   * The rank of a result where no limit is given: `stacked` keeps the factors as they are, all of them; `whole` is the
   * least that holds the result; `largest` and `sum` speak of the ranks of the updates.
   */
  readonly rank: "stacked" | "whole" | "largest" | "sum";
  /** How many updates it takes at most. */
  readonly most?: number;
  /**
   * The method with its options.
   *
   * @throws LoraError USAGE when an option breaks its rule
   */
  bind(options: CombineOptions): CombineRule;
}
