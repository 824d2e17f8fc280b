import { matters } from "./_recipe.ts";
import type { Recipe } from "./_recipe.ts";
import { recipeScores } from "./_recipe-score.ts";
import { selectBySize } from "./_recipe-size.ts";
import type { BaseNeed, RankChoice } from "./_rule.ts";

const NEEDS = [
  ["spn_ckpt", "spectralNorm"],
  ["fro_ckpt", "frobeniusNorm"],
  ["subspace", "subspaceFactors"],
] as const;

/** Indices of the pairs with σ > 0 that reach the threshold. */
function reaching(scores: Float64Array, s: Float64Array, threshold: number): number[] {
  const kept: number[] = [];
  scores.forEach((score, index) => {
    if (score >= threshold && (s[index] ?? 0) > 0) kept.push(index);
  });
  return kept;
}

/**
 * A recipe, ready to choose. `needs` names only what its weights read. Modules may lose all pairs, and the
 * kept pairs need not be the largest (`subspace` scores each pair by itself).
 */
export function recipeChoice(recipe: Recipe): RankChoice {
  const needs = NEEDS.filter(([weight]) => matters(recipe, weight)).map(([, need]): BaseNeed => need);
  return {
    rule: "recipe",
    title: `recipe ${recipe.text}`,
    needs,
    acrossModules: recipe.sizeMiB !== undefined,
    choose(spectra, context) {
      const { sizeMiB, threshold = -Infinity, rescale } = recipe;
      const scores = spectra.map((module) => recipeScores(recipe, module));
      if (sizeMiB !== undefined) return { ...selectBySize(sizeMiB, scores, spectra, context), rescale };
      const kept = spectra.map(({ s }, index) => reaching(scores[index] ?? s, s, threshold));
      return { kept, threshold, rescale };
    },
  };
}
