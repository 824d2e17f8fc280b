import type { RankSummary } from "../reports.ts";
import type { ResizeTask } from "../resize/tasks.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";

/** What is asked of a preview. */
export interface PreviewRequest {
  readonly task: ResizeTask;
  /** Stored type of the new factors; as in the input when left out. */
  readonly dtype?: FactorDType | undefined;
}

/** What would become of one module. */
export interface PreviewedModule {
  readonly name: string;
  readonly rankBefore: number;
  /** 0 where it is left out. */
  readonly rankAfter: number;
  /** Kept share of ‖ΔW‖_F²; null for a zero update. */
  readonly retainedEnergy: number | null;
  /** ‖ΔW − ΔW′‖_F / ‖ΔW‖_F but for rounding to the stored type; null for a zero update. */
  readonly relativeErrorFrobenius: number | null;
  /** The same in the largest singular value. */
  readonly relativeErrorSpectral: number | null;
}

/** What `resize` would make, told from spectra alone. */
export interface Preview {
  readonly rule: { readonly id: string; readonly title: string; readonly threshold: number | null };
  /** Of the file, exactly. */
  readonly bytes: number;
  /** Of modules that are kept. */
  readonly rank: RankSummary;
  /** How many modules are left out. */
  readonly dropped: number;
  /** Of all modules together. */
  readonly retainedEnergy: number;
  readonly relativeErrorFrobenius: number;
  /** In the order of the spectra. */
  readonly modules: readonly PreviewedModule[];
}
