import type { DType, LoraErrorFacts, Shape } from "@lora/tensor";

/**
 * What the jobs report: plain data, the same objects that `lora … --json` prints. Numbers that do not exist
 * are `null`, never NaN. Sizes in bytes, errors relative to the norm of the original update.
 */

/** A file as a report names it. */
export interface FileSummary {
  readonly name: string;
  readonly format: string;
  readonly bytes: number | null;
  readonly tensors: number;
}

/** What a device calculated of a report. */
export interface DeviceSummary {
  /** The backend and what it runs on. */
  readonly name: string;
  /** Base weights that were measured there; all others were on the processor. */
  readonly weights: number;
}

/** One adapted weight, from the header and the alpha scalars alone. */
export interface ModuleSummary {
  readonly name: string;
  readonly component: string;
  readonly path: string;
  readonly kind: string;
  readonly layer: string;
  readonly rank: number;
  readonly alpha: number | null;
  readonly scale: number;
  /** Of the update: [out, in, …kernel]. */
  readonly shape: Shape;
  readonly dtype: DType;
  /** Stored bytes of all its tensors. */
  readonly bytes: number;
}

/** A tensor that belongs to no module; carried through every job byte for byte. */
export interface ExtraSummary {
  readonly name: string;
  readonly dtype: string;
  readonly shape: Shape;
  readonly bytes: number;
  readonly why: string;
}

/** What `inspect` finds out, reading no weights. */
export interface InspectReport {
  readonly job: "inspect";
  readonly file: FileSummary;
  readonly format: string;
  readonly dialect: string;
  readonly confidence: number;
  /** Why it is taken for this dialect. */
  readonly reasons: readonly string[];
  readonly baseArchitecture: string;
  readonly modules: readonly ModuleSummary[];
  /** Modules by rank, ascending. */
  readonly ranks: readonly { readonly rank: number; readonly modules: number }[];
  readonly extras: readonly ExtraSummary[];
  /** A short name of the update, equal for equal updates whatever they are stored as; null unless asked for. */
  readonly fingerprint: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  /** adapter_config.json, where there is one. */
  readonly config: unknown;
  readonly warnings: readonly string[];
}

/** An update against the weight it changes. */
export interface BaseAnalysis {
  /** The base tensor it was paired with. */
  readonly tensor: string;
  /** Rows of that tensor, where only a slice is adapted. */
  readonly rows: readonly [number, number] | null;
  /** σmax(W) */
  readonly spectralNorm: number;
  /** ‖W‖_F */
  readonly frobeniusNorm: number;
  /** fᵢ = uᵢᵀ·W·vᵢ: positive reinforces, negative opposes the base along the pair. */
  readonly subspaceFactors: readonly number[];
  /** σᵢ / |fᵢ|; null where fᵢ is 0. */
  readonly subspaceRatios: readonly (number | null)[];
  /** σᵢ / σmax(W); null where W is zero. */
  readonly svalRatios: readonly (number | null)[];
}

/** One module, measured. */
export interface ModuleAnalysis extends ModuleSummary {
  /** σᵢ of ΔW, scale included, descending. */
  readonly singularValues: readonly number[];
  /** ‖ΔW‖_F */
  readonly frobenius: number;
  /** σ₁ */
  readonly spectral: number;
  /** ‖ΔW‖_F² / σ₁²; 0 for a zero update. */
  readonly stableRank: number;
  /** exp of the entropy of σ²/Σσ². */
  readonly effectiveRank: number;
  readonly numericalRank: number;
  /** Smallest ranks that keep 90 %, 99 % of Σσ². */
  readonly rank90: number;
  readonly rank99: number;
  readonly alphaOverRank: number;
  /** ‖up‖_F / ‖down‖_F as stored; null where down is zero. */
  readonly balance: number | null;
  /** Stored values that f16 cannot hold: too large, or too small to stay normal. */
  readonly halfOverflow: number;
  readonly halfUnderflow: number;
  readonly zero: boolean;
  readonly base?: BaseAnalysis;
}

/** What keeping at most this rank everywhere would give. */
export interface RankOutlook {
  readonly rank: number;
  readonly bytes: number;
  readonly relativeErrorFrobenius: number;
}

/** A module of which nothing could be measured. */
export interface UnmeasuredModule {
  readonly module: string;
  /** Where the first value is that is not finite. */
  readonly tensor: string | null;
  readonly reason: string;
}

/** What `analyse` measures. */
export interface AnalyseReport {
  readonly job: "analyse";
  readonly file: FileSummary;
  readonly base: FileSummary | null;
  readonly dialect: string;
  readonly baseArchitecture: string;
  readonly modules: readonly ModuleAnalysis[];
  readonly summary: {
    /** √Σ‖ΔW‖_F² over all modules. */
    readonly frobenius: number;
    readonly meanStableRank: number;
    readonly zeroModules: number;
    /** Modules with no weight in the base, with the reason. */
    readonly unpaired: readonly { readonly module: string; readonly reason: string }[];
    /** Modules whose values are not finite, where `keepGoing` was asked for: `modules` and all sums are without them. */
    readonly unmeasured?: readonly UnmeasuredModule[];
  };
  readonly outlook: readonly RankOutlook[];
  readonly warnings: readonly string[];
  /** Where a device was given and there was a base. */
  readonly device?: DeviceSummary;
}

/** What became of one module. */
export interface ResizedModule {
  readonly name: string;
  readonly rankBefore: number;
  readonly rankAfter: number;
  /** ‖ΔW − ΔW′‖_F / ‖ΔW‖_F of what was written, rounding to the stored type included; null for a zero update. */
  readonly relativeErrorFrobenius: number | null;
  /** The same in the largest singular value. */
  readonly relativeErrorSpectral: number | null;
}

/** What `resize` did, for one output. */
export interface ResizeReport {
  readonly job: "resize";
  readonly input: FileSummary & { readonly rank: RankSummary; readonly dialect: string };
  readonly rule: { readonly id: string; readonly title: string; readonly threshold: number | null };
  readonly output: {
    readonly path: string;
    readonly bytes: number;
    readonly rank: RankSummary;
    readonly dtype: string;
  };
  /** All modules together: √Σ‖error‖² / √Σ‖ΔW‖². */
  readonly relativeErrorFrobenius: number;
  readonly modules: readonly ResizedModule[];
  /** Modules left out because nothing of them was kept. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  /** Tensors that were rewritten in another form, in words. */
  readonly folded: readonly string[];
  /** Tensors carried over byte for byte. */
  readonly passedThrough: readonly ExtraSummary[];
  readonly warnings: readonly string[];
  /** Where a device was given and a rule asked for facts of the base. */
  readonly device?: DeviceSummary;
}

/** Ranks of a file's modules. */
export interface RankSummary {
  readonly modules: number;
  readonly min: number;
  readonly max: number;
  readonly total: number;
}

/** A module that was given factors. */
export interface InitialisedModule {
  /** In the base model. */
  readonly name: string;
  /** The base tensor it adapts. */
  readonly tensor: string;
  readonly layer: string;
  /** Of the update: [out, in, …kernel]. */
  readonly shape: Shape;
  readonly rank: number;
  readonly alpha: number;
  readonly scale: number;
  /** ‖s·up·down‖_F as stored. */
  readonly updateFrobenius: number;
  /** ‖W‖_F; null where the method does not read W. */
  readonly weightFrobenius: number | null;
  /** ‖W − (base + s·up·down)‖_F / ‖W‖_F of what was written; null where W was not read and the update is not zero. */
  readonly relativeError: number | null;
}

/** What `init` did. */
export interface InitReport {
  readonly job: "init";
  readonly base: FileSummary;
  /** `base` says what becomes of the weights: kept, reduced by the update, or replaced. */
  readonly method: { readonly id: string; readonly title: string; readonly base: string };
  readonly seed: number;
  readonly output: {
    readonly path: string;
    readonly bytes: number;
    readonly dtype: string;
    readonly rank: RankSummary;
  };
  /** The base with its changed weights; null where the method keeps them. */
  readonly changedBase: { readonly path: string; readonly bytes: number; readonly changed: number } | null;
  /** All modules whose weights were read together: √Σ‖error‖² / √Σ‖W‖². */
  readonly relativeError: number | null;
  readonly modules: readonly InitialisedModule[];
  /** Target modules that were left alone. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

/** One module of two files, compared. */
export interface VerifiedModule {
  readonly name: string;
  /** As the other file spells it. */
  readonly other: string | null;
  readonly rankA: number;
  readonly rankB: number;
  /** ‖ΔW_A − ΔW_B‖_F / ‖ΔW_A‖_F; null when ΔW_A is zero and ΔW_B is not. */
  readonly relativeErrorFrobenius: number | null;
  readonly relativeErrorSpectral: number | null;
  readonly withinTolerance: boolean;
}

/** What `verify` finds. */
export interface VerifyReport {
  readonly job: "verify";
  readonly a: FileSummary;
  readonly b: FileSummary;
  readonly tolerance: number;
  readonly passed: boolean;
  /** All modules together; null when only the second file has any update. */
  readonly relativeErrorFrobenius: number | null;
  readonly modules: readonly VerifiedModule[];
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
  /** Tensors outside modules that differ between the files or are in one of them only. */
  readonly extras: readonly { readonly name: string; readonly difference: string }[];
}

/** How a failed job is reported in JSON. */
export interface ErrorReport {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly facts: LoraErrorFacts;
    readonly advice: string | null;
  };
}
