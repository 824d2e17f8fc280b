import { SCORE_WEIGHTS } from "./_recipe.ts";
import type { Recipe } from "./_recipe.ts";

/** Six digits: weights that agree in them rank pairs alike (others up to 1e-6 are not even read). */
function shortNumber(value: number): string {
  return String(Number(value.toPrecision(6)));
}

/**
 * What to add to a file's name, e.g. `_spnckpt0.5_subspace0.5_size8_th-1.43`: weights in the order of their
 * names without `_`, `scale` unless it is 1, `size`, and the threshold.
 *
 * @param threshold the score that decided (`Selection.threshold`); the recipe's own when left out
 * @see resize_lora, whose two decimals give one name to recipes that differ in the third
 */
export function recipeSuffix(recipe: Recipe, threshold?: number): string {
  const pieces = [...SCORE_WEIGHTS]
    .sort()
    .filter((key) => recipe.weights[key] !== 0)
    .map((key) => key.replace("_", "") + shortNumber(recipe.weights[key]));
  if (recipe.rescale !== 1) pieces.push(`scale${shortNumber(recipe.rescale)}`);
  if (recipe.sizeMiB !== undefined) pieces.push(`size${shortNumber(recipe.sizeMiB)}`);
  const shown = threshold ?? (recipe.sizeMiB === undefined ? recipe.threshold : undefined);
  if (shown !== undefined && Number.isFinite(shown)) pieces.push(`th${shortNumber(shown)}`);
  return pieces.map((piece) => `_${piece}`).join("");
}

/**
 * The value of the metadata key `resize_params`, as resize_lora writes it but always valid JSON: a
 * threshold that is not finite becomes null.
 */
export function recipeMetadata(recipe: Recipe, threshold: number | undefined): string {
  return JSON.stringify({
    recipe_str: recipe.text,
    weights: recipe.weights,
    target_size: recipe.sizeMiB ?? null,
    threshold: threshold !== undefined && Number.isFinite(threshold) ? threshold : null,
    rescale: recipe.rescale,
  });
}
