import type { EngineOptions, Matrix } from "@lora/linalg";
import type { RankOption, RankOptionValues } from "../rank/_rank-rule.ts";
import type { InitDraws } from "./_draws.ts";

/** What an initialiser reads besides sizes. */
export type InitNeed =
  | "weight" // out × in
  | "covariance" // in × in, of the module's inputs
  | "components" // at least rank × in, the principal directions of the module's inputs
  | "gradient"; // out × in, of the loss by the weight

/** One module to be initialised. A convolution is flattened to out × in·k·k, and so are its factors. */
export interface InitModule extends EngineOptions {
  readonly out: number;
  readonly in: number;
  readonly rank: number;
  /** What up · down will be multiplied with: α/r, or α/√r. */
  readonly scale: number;
  readonly draws: InitDraws;
  readonly weight?: Matrix | undefined;
  readonly covariance?: Matrix | undefined;
  readonly components?: InitComponents | undefined;
  readonly gradient?: Matrix | undefined;
}

/** Principal directions of a module's inputs, the leading first. */
export interface InitComponents {
  /** k × in, orthonormal rows */
  readonly directions: Matrix;
  /** k singular values of the centred inputs */
  readonly singularValues: ArrayLike<number>;
}

/** Factors to begin with. */
export interface InitFactors {
  /** r × in */
  readonly down: Matrix;
  /** out × r */
  readonly up: Matrix;
  /** out × in: what takes the place of the weight, where that is not W − s·up·down. */
  readonly base?: Matrix | undefined;
}

/**
 * What becomes of the weight: `kept` as it is; `reduced` to W − s·up·down, so that the model is the same at first;
 * `replaced` by a matrix of the initialiser's own.
 */
export type BaseChange = "kept" | "reduced" | "replaced";

/** An initialiser with its options. */
export interface BoundInitialiser {
  readonly id: string;
  /** With its options in words, e.g. `pissa_niter 4`. */
  readonly title: string;
  readonly needs: readonly InitNeed[];
  readonly base: BaseChange;
  /** `init_lora_weights` of a PEFT configuration beside such factors, when the changed base is stored too. */
  readonly peftName: string | boolean;
  /**
   * Makes the factors of one module.
   *
   * @throws LoraError SHAPE when the rank does not fit; MISSING when what it needs is not there; NUMERIC when a
   *   value of that is not finite
   */
  make(module: InitModule): InitFactors;
}

/** A way to begin: one file of this folder. */
export interface Initialiser<O extends RankOptionValues = RankOptionValues> {
  readonly id: string;
  /** What it makes, as a short sentence. */
  readonly title: string;
  /** Where it comes from: a paper, a tool. */
  readonly source: string;
  readonly options: { readonly [K in keyof O]-?: RankOption };
  /**
   * The initialiser with its options.
   *
   * @throws LoraError USAGE when an option breaks its rule
   */
  bind(options: O): BoundInitialiser;
}
