import type { FileSummary, RankSummary } from "./reports.ts";

/** What the jobs that work on whole models report: plain data, as in `reports.ts`. */

/** One module that was merged into a weight. */
export interface MergedModule {
  readonly module: string;
  /** Name of its file. */
  readonly adapter: string;
  readonly tensor: string;
  /** Rows of that tensor, `to` exclusive. */
  readonly rows: readonly [number, number];
  readonly kind: string;
  readonly rank: number;
  /** Norm of what was added; null where an earlier run wrote it. */
  readonly frobenius: number | null;
  /** The same against the norm of the weight before. */
  readonly relative: number | null;
  /** Norm of what rounding to the stored type changed, of all updates of these rows; null also where it is not finite. */
  readonly rounding: number | null;
}

/** What `merge` did. */
export interface MergeReport {
  readonly job: "merge";
  readonly unmerge: boolean;
  readonly base: FileSummary;
  readonly adapters: readonly (FileSummary & {
    readonly weight: number;
    readonly dialect: string;
    readonly modules: number;
    readonly merged: number;
  })[];
  readonly output: {
    readonly path: string;
    readonly bytes: number;
    readonly files: readonly string[];
    readonly resumed: readonly string[];
  };
  readonly tensors: {
    readonly changed: number;
    /** Those that an adapter holds whole. */
    readonly replaced: readonly string[];
    /** Carried over byte for byte. */
    readonly untouched: number;
  };
  /** Norm of all that was added together; null where a part was written by an earlier run. */
  readonly frobenius: number | null;
  /** Norm of what rounding changed, all weights together. */
  readonly roundingError: number | null;
  readonly modules: readonly MergedModule[];
  readonly unpaired: readonly {
    readonly adapter: string;
    readonly module: string;
    readonly reason: string;
    readonly nearest: string | null;
  }[];
  /** Tensors of adapters that are in no weight of the output. */
  readonly leftOut: readonly { readonly adapter: string; readonly name: string; readonly why: string }[];
  readonly warnings: readonly string[];
}

/** What `extract` found. */
export interface ExtractReport {
  readonly job: "extract";
  readonly base: FileSummary;
  readonly tuned: FileSummary;
  readonly rule: string;
  readonly output: { readonly path: string; readonly bytes: number; readonly rank: RankSummary };
  /** Norm of all differences that were factored. */
  readonly frobenius: number;
  /** Of all of them together. */
  readonly relativeErrorFrobenius: number;
  readonly weights: readonly {
    readonly name: string;
    readonly rank: number;
    /** Norm of the difference, and the same against that of the base. */
    readonly frobenius: number;
    readonly relative: number | null;
    /** Of the factors as stored. */
    readonly relativeErrorFrobenius: number;
    /** Largest difference of a value. */
    readonly largest: number;
  }[];
  /** Matrices that are the same in both. */
  readonly unchanged: number;
  /** Changed tensors that are no matrices: norms, biases. */
  readonly rest: readonly {
    readonly name: string;
    readonly frobenius: number | null;
    readonly kept: boolean;
  }[];
  readonly onlyInBase: readonly string[];
  readonly onlyInTuned: readonly string[];
}
