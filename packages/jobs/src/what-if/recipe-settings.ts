import { parseRecipes, recipeParts, SCORE_WEIGHTS, type ScoreWeight } from "@lora/peft";

/** A recipe as sliders hold it: weights as they are written, not divided by their sum. */
export interface RecipeSettings {
  readonly weights: Readonly<Record<ScoreWeight, number>>;
  /** The least score (log10) that is kept. */
  readonly threshold: number | undefined;
  /** The largest size of the file in MiB; wins over the threshold. */
  readonly sizeMiB: number | undefined;
  readonly rescale: number;
}

/**
 * The settings that a recipe says. Weights that are not named are 0, and a bare key is 1.
 *
 * @throws LoraError USAGE as `parseRecipes` does; also when there are several recipes
 */
export function recipeSettings(text: string): RecipeSettings {
  parseRecipes(text); // what its parts alone do not tell: weights that add up to 0, and no limit
  const parts = recipeParts(text);
  return {
    weights: Object.fromEntries(
      SCORE_WEIGHTS.map((key) => [key, parts.get(key) ?? 0]),
    ) as RecipeSettings["weights"],
    threshold: parts.get("thr"),
    sizeMiB: parts.get("size"),
    rescale: parts.get("rescale") ?? 1,
  };
}

/** The recipe that says these settings: weights of 0 and a rescale of 1 go without saying. */
export function recipeText({ weights, threshold, sizeMiB, rescale }: RecipeSettings): string {
  const parts = SCORE_WEIGHTS.filter((key) => weights[key] !== 0).map((key) => `${key}=${weights[key]}`);
  if (rescale !== 1) parts.push(`rescale=${rescale}`);
  if (threshold !== undefined) parts.push(`thr=${threshold}`);
  if (sizeMiB !== undefined) parts.push(`size=${sizeMiB}`);
  return parts.join(",");
}
