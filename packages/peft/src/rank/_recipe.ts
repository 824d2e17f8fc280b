/** What a score can be measured against, in resize_lora's spelling. */
export const SCORE_WEIGHTS = ["spn_lora", "spn_ckpt", "subspace", "fro_lora", "fro_ckpt", "params"] as const;

/** One of the six references of a score. */
export type ScoreWeight = (typeof SCORE_WEIGHTS)[number];

/** How to score singular pairs and which of them to keep. */
export interface Recipe {
  /** As it was written. */
  readonly text: string;
  /** Exponents of the references; they add up to 1. */
  readonly weights: Readonly<Record<ScoreWeight, number>>;
  /** Largest size of the file in MiB (2²⁰ bytes). Wins over `threshold`. */
  readonly sizeMiB: number | undefined;
  /** The least score (log10) that is kept. */
  readonly threshold: number | undefined;
  /** ΔW is multiplied with this. */
  readonly rescale: number;
}

/** What resize_lora does when it is told nothing. */
export const DEFAULT_RECIPE = "fro_ckpt=1,thr=-3.5";

/** Weights up to this are taken as 0, so that their reference need not be known. */
const NEGLIGIBLE = 1e-6;

/** Whether a reference has a say in the scores of a recipe. */
export function matters(recipe: Recipe, weight: ScoreWeight): boolean {
  return Math.abs(recipe.weights[weight]) > NEGLIGIBLE;
}
