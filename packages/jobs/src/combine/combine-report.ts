import type { ExtraSummary, FileSummary, RankSummary } from "../reports.ts";

/** How two of the adapters stand to each other. */
export interface AdapterPair {
  /** Places in `inputs`. */
  readonly a: number;
  readonly b: number;
  /** Weights that both change. */
  readonly modules: number;
  /** ⟨ΔW_a, ΔW_b⟩ / (‖ΔW_a‖·‖ΔW_b‖) over those; null where there are none. */
  readonly cosine: number | null;
  /** Mean over those of the share of directions that both write to, 0 to 1. */
  readonly outputOverlap: number | null;
  /** Mean over those of the share of directions that both read. */
  readonly inputOverlap: number | null;
}

/** One module of the result. */
export interface CombinedModule {
  readonly name: string;
  /** Ranks of the updates, in the order of `inputs`; 0 where an adapter has none. */
  readonly ranks: readonly number[];
  readonly rankAfter: number;
  /** The cosine of each pair of updates that are there. */
  readonly cosines: readonly { readonly a: number; readonly b: number; readonly cosine: number | null }[];
  /** The error that Σ wᵢ·ΔWᵢ would have at the largest rank of its updates. */
  readonly predictedLoss: number | null;
  /** ‖ΔW′ − ΔW‖_F / ‖ΔW‖_F, ΔW what the method makes, ΔW′ what was written. */
  readonly relativeErrorFrobenius: number | null;
  /** ‖ΔW′ − Σ wᵢ·ΔWᵢ‖_F / ‖Σ wᵢ·ΔWᵢ‖_F: how far from the plain sum the method goes. */
  readonly distanceFromSum: number | null;
}

/** What `combine` did. */
export interface CombineReport {
  readonly job: "combine";
  readonly inputs: readonly (FileSummary & {
    readonly weight: number;
    readonly dialect: string;
    readonly rank: RankSummary;
    /** What is left of this adapter along itself in the weighted sum, as a share of its weight: 1 undisturbed. */
    readonly response: number | null;
  })[];
  readonly method: { readonly id: string; readonly title: string; readonly compat: "peft" | null };
  /** Before combining. */
  readonly interference: readonly AdapterPair[];
  readonly output: {
    readonly path: string;
    readonly bytes: number;
    readonly dialect: string;
    readonly rank: RankSummary;
    readonly dtype: string;
  };
  /** All modules together. */
  readonly relativeErrorFrobenius: number | null;
  readonly distanceFromSum: number | null;
  readonly modules: readonly CombinedModule[];
  /** Modules left out because nothing of them is left. */
  readonly dropped: readonly { readonly name: string; readonly reason: string }[];
  /** Tensors of the first adapter, carried over byte for byte. */
  readonly passedThrough: readonly ExtraSummary[];
  /** Tensors of the other adapters that belong to no module, and are not in the result. */
  readonly leftOut: readonly (ExtraSummary & { readonly file: string })[];
  readonly warnings: readonly string[];
}
