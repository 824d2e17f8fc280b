import type { LayerKind } from "../adapter.ts";

/** What a rank rule may know of one module. All values in the units of ΔW, scale included. */
export interface ModuleSpectrum {
  readonly name: string;
  readonly layer: LayerKind;
  /** Whether its kernel is larger than 1 × 1 (a rule may treat those apart). */
  readonly kernel: boolean;
  readonly out: number;
  /** in·k·k for a convolution. */
  readonly in: number;
  /** Singular values of ΔW, descending. */
  readonly s: Float64Array;
  /** The part of `s` that is the module's scale and not its factors; 1 when left out. */
  readonly scale?: number | undefined;
  /** Facts of the base weight, for the rules that ask for them. */
  readonly base?: BaseReference | undefined;
}

/** What a rule may know of the weight that a module changes; what its `needs` do not name may be absent. */
export interface BaseReference {
  /** σmax(W) */
  readonly spectralNorm?: number | undefined;
  /** ‖W‖_F */
  readonly frobeniusNorm?: number | undefined;
  /** fᵢ = uᵢᵀ·W·vᵢ, signed, one for each singular pair of ΔW. */
  readonly subspaceFactors?: Float64Array | undefined;
}

/** Which facts of the base a rule reads. Each costs passes over W. */
export type BaseNeed = "spectralNorm" | "frobeniusNorm" | "subspaceFactors";

/** Which singular pairs of each module are kept, in the order of the spectra given. */
export interface Selection {
  /** Ascending indices into `s`; empty drops the module. */
  readonly kept: readonly (readonly number[])[];
  /** ΔW is multiplied with this on writing; 1 for every rule but a recipe with `rescale`. */
  readonly rescale: number;
  /** The score a pair had to reach, for rules that have one (log10 units); ±Infinity where all or none are kept. */
  readonly threshold?: number;
}

/** What a rule may ask of the job that runs it. */
export interface RankContext {
  /** Bytes of the whole file that keeping this many pairs of each module would make. Monotone in every count. */
  readonly fileBytes: (ranks: readonly number[]) => number;
}

/** A rule that chooses ranks, with its options bound. */
export interface RankChoice {
  /** Id of the rule, for reports. */
  readonly rule: string;
  /** The options in words, e.g. `energy 0.9`. */
  readonly title: string;
  readonly needs: readonly BaseNeed[];
  /** What is kept of a module depends on the others too; left out, each is chosen by itself. */
  readonly acrossModules?: boolean | undefined;
  choose(spectra: readonly ModuleSpectrum[], context: RankContext): Selection;
}
