import type { TensorFile } from "@lora/tensor";
import type { AnalyseOptions } from "../analyse/analyse.ts";
import type { CombineJobOptions } from "../combine/combine.ts";
import type { ExtractOptions } from "../extract/extract.ts";
import type { InitOptions } from "../init/init.ts";
import type { MergeOptions } from "../merge/merge.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import type { ResizeFlags } from "../resize/tasks.ts";
import type { VerifyOptions } from "../verify/verify.ts";

/** Options that several jobs share. */
interface ReadOptions {
  readonly dialect?: string | undefined;
  readonly seed?: number | undefined;
}

/** A job that several runs can share, with its options as plain data. */
export type SplitJob =
  | {
      readonly job: "resize";
      readonly options: ResizeFlags & ReadOptions & { readonly dtype?: FactorDType | undefined };
    }
  | {
      readonly job: "combine";
      readonly options: CombineJobOptions & ReadOptions & { readonly weights: readonly number[] };
    }
  | {
      readonly job: "merge";
      readonly options: Omit<MergeOptions, "adapters"> & { readonly weights: readonly number[] };
    }
  | { readonly job: "extract"; readonly options: ExtractOptions }
  | { readonly job: "init"; readonly options: Omit<InitOptions, "activations" | "gradients"> }
  | { readonly job: "analyse"; readonly options: Omit<AnalyseOptions, "base"> }
  | { readonly job: "verify"; readonly options: VerifyOptions };

/** Name of a job that several runs can share. */
export type SplitJobName = SplitJob["job"];

/**
 * What a job reads, by the part it plays: `base`, `tuned`, `adapter`, `a`, `b`, `activations`, `gradients`; where there are
 * several adapters `adapter 1`, `adapter 2` …
 */
export type SplitFiles = ReadonlyMap<string, TensorFile>;

/** The adapters among the files of a job, in their order. */
export function adaptersOf(files: SplitFiles): TensorFile[] {
  return [...files].filter(([role]) => role.startsWith("adapter ")).map(([, file]) => file);
}
