import type { ExtraSummary, FileSummary, RankSummary } from "../reports.ts";

/** A module of the new file. */
export interface ConvertReportModule {
  readonly name: string;
  /** The modules of the old file whose rows it has. */
  readonly from: readonly string[];
  readonly rankBefore: number;
  readonly rank: number;
  /** What a reader of the new file multiplies with. */
  readonly scale: number;
  /** As read back: ‖ΔW − ΔW′‖_F / ‖ΔW‖_F, or that of DoRA's magnitudes where it is larger; null when only ΔW′ is not zero. */
  readonly relativeErrorFrobenius: number | null;
  readonly withinTolerance: boolean;
}

/** What `convert` did, and what reading the new file again has shown. */
export interface ConvertReport {
  readonly job: "convert";
  readonly input: FileSummary & { readonly dialect: string; readonly rank: RankSummary };
  /** That updates, names or the configuration were taken from. */
  readonly base: FileSummary | null;
  readonly baseArchitecture: string;
  readonly output: {
    readonly path: string;
    readonly bytes: number;
    readonly dialect: string;
    readonly dtype: string;
    readonly rank: RankSummary;
  };
  readonly tolerance: number;
  readonly passed: boolean;
  /** All modules together. */
  readonly relativeErrorFrobenius: number | null;
  readonly modules: readonly ConvertReportModule[];
  /** Modules whose rows went to several. */
  readonly split: readonly { readonly name: string; readonly into: readonly string[] }[];
  /** Modules that several became; where they share their down the rank is that of each, else the sum. */
  readonly joined: readonly { readonly name: string; readonly rank: number; readonly sharesDown: boolean }[];
  /** Modules of a kind that is no pair, and the pair that they became. */
  readonly unfolded: readonly { readonly name: string; readonly kind: string; readonly rank: number }[];
  /** Modules whose magnitudes of DoRA were carried over as they are. */
  readonly magnitudes: readonly string[];
  /** Modules whose factors were multiplied because the new file has another scale. */
  readonly folded: readonly { readonly name: string; readonly factor: number }[];
  readonly padded: readonly { readonly name: string; readonly from: number; readonly to: number }[];
  /** Modules with fewer pairs than they need, and the share of the update that is left out. */
  readonly approximated: readonly {
    readonly name: string;
    readonly exactRank: number;
    readonly rank: number;
    readonly leftOut: number;
  }[];
  /** Modules whose up was multiplied by 2^exponent and down divided, to fit f16. */
  readonly rebalanced: readonly { readonly name: string; readonly exponent: number }[];
  /** Tensors that the new file does not have. */
  readonly dropped: readonly ExtraSummary[];
  /** Modules of components that were left out. */
  readonly leftOut: readonly string[];
  readonly warnings: readonly string[];
}
