import type { FileSummary, RankSummary } from "../reports.ts";

/** A file that was compared. */
export interface ComparedFile extends FileSummary {
  readonly dialect: string;
  readonly baseArchitecture: string;
  readonly rank: RankSummary;
  /** ‖ΔW‖_F of all its updates together. */
  readonly frobenius: number;
  /** Equal for equal updates, whatever they are stored as: see `fingerprint`. */
  readonly fingerprint: string;
}

/** How two updates stand to each other. */
export interface Similarity {
  /** ⟨ΔW_A, ΔW_B⟩ / (‖ΔW_A‖·‖ΔW_B‖); null where one is zero. */
  readonly cosine: number | null;
  /** ‖ΔW_A − ΔW_B‖ over the larger of the two norms, 0 to 2; 0 where both are zero. */
  readonly relativeDistance: number;
  /** ‖ΔW_B‖ / ‖ΔW_A‖; null where A is zero. */
  readonly normRatio: number | null;
  /** ‖U_AᵀU_B‖_F² over the smaller rank: the share of directions that both write to; null where one is zero. */
  readonly outputOverlap: number | null;
  /** ‖V_AᵀV_B‖_F² over the smaller rank: the share of directions that both read. */
  readonly inputOverlap: number | null;
}

/** A weight that two files change. */
export interface ComparedModule extends Similarity {
  /** As A spells it, and as B does; of a layer that it fuses with others with that layer's name in brackets. */
  readonly name: string;
  readonly other: string;
  /** Of A's module, in the names of diffusers or transformers where these are known. */
  readonly component: string;
  readonly path: string;
  readonly rankA: number;
  readonly rankB: number;
  readonly normA: number;
  readonly normB: number;
  /** Principal angles in radians, ascending; null where more than two files are compared. Rounding below 10⁻⁴. */
  readonly outputAngles: readonly number[] | null;
  readonly inputAngles: readonly number[] | null;
}

/** Two of the files. All their updates together, those that one of them lacks as zeros; overlaps are means over modules of both. */
export interface ComparedPair extends Similarity {
  /** Places in `files`. */
  readonly a: number;
  readonly b: number;
  /** The cosine over the modules that are in both; null where there are none. */
  readonly sharedCosine: number | null;
  /** The finest stored type whose rounding explains the distance; null where none does. */
  readonly sameWithin: "f32" | "f16" | "bf16" | null;
  /** Those of both. */
  readonly modules: readonly ComparedModule[];
  readonly onlyInA: readonly string[];
  readonly onlyInB: readonly string[];
}

/** What `compare` finds. */
export interface CompareReport {
  readonly job: "compare";
  readonly files: readonly ComparedFile[];
  /** Every two files, a < b. */
  readonly pairs: readonly ComparedPair[];
  readonly warnings: readonly string[];
}
