import type { Delta } from "@lora/peft";
import { PEFT_COMBINATIONS } from "@lora/peft";
import { NO_ERROR, type RankLimits } from "./choose-rank.ts";
import { methodFor } from "./made-update.ts";
import { type CombineRecipe, isPeftName } from "./recipe.ts";

/** The limits of one weight. */
export interface UpdateLimits extends RankLimits {
  /** `most` is the rank, whatever the values. */
  readonly fixed: boolean;
}

/** What a recipe says of the rank of a weight that these updates change. */
export function limitsFor(recipe: CombineRecipe, deltas: readonly Delta[]): UpdateLimits {
  const [{ rows, cols }] = deltas as [Delta];
  const ranks = deltas.map(({ maxRank }) => maxRank);
  const total = ranks.reduce((sum, rank) => sum + rank, 0);
  const smaller = Math.min(rows, cols);
  if (recipe.compat === "peft")
    return { most: peftRank(recipe, { ranks, total, smaller }), error: 0, fixed: true };
  const { method, rule } = methodFor(recipe, deltas.length);
  if (method.rank === "stacked") return { most: total, error: 0, fixed: true };
  const usual = { largest: Math.max(...ranks), sum: total, whole: smaller }[method.rank];
  const given = recipe.rank ?? (recipe.error === undefined ? usual : smaller);
  return {
    most: Math.min(given, smaller),
    error: recipe.error ?? NO_ERROR,
    fixed: rule.kind === "entries" && recipe.error === undefined,
  };
}

function peftRank(
  recipe: CombineRecipe,
  {
    ranks,
    total,
    smaller,
  }: { readonly ranks: readonly number[]; readonly total: number; readonly smaller: number },
): number {
  const largest = Math.max(...ranks);
  if (!isPeftName(recipe.method)) return largest;
  const { merge, onUpdates } = PEFT_COMBINATIONS[recipe.method];
  if (merge === "stack") return total;
  return onUpdates ? Math.min(recipe.rank ?? largest, smaller) : largest;
}
