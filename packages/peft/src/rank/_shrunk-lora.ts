import { demand } from "./_demand.ts";
import type { Recipe } from "./_recipe.ts";
import { normalisedWeights } from "./_recipe-weights.ts";

/** How much to keep: a score or a size; `sizeMiB` wins. */
export type ShrunkLoraTarget =
  | { readonly threshold: number; readonly sizeMiB?: undefined }
  | { readonly sizeMiB: number; readonly threshold?: undefined };

/**
 * The `score_type` t of the Shrunk LoRA Guide as a recipe: lerp(log sval_ratioᵢ, log subspace_ratioᵢ, t),
 * which is `spn_ckpt=1−t,subspace=t`.
 *
 * @throws LoraError USAGE unless 0 ≤ t ≤ 1 and a size is above 0
 */
export function shrunkLoraRecipe(scoreType: number, target: ShrunkLoraTarget): Recipe {
  demand(scoreType >= 0 && scoreType <= 1, "scoreType", "from 0 to 1", scoreType);
  const { sizeMiB, threshold } = target;
  if (sizeMiB !== undefined)
    demand(sizeMiB > 0 && sizeMiB < Infinity, "sizeMiB", "a number above 0", sizeMiB);
  const kept = sizeMiB === undefined ? `thr=${threshold}` : `size=${sizeMiB}`;
  const text = `spn_ckpt=${1 - scoreType},subspace=${scoreType},${kept}`;
  const weights = normalisedWeights({ spn_ckpt: 1 - scoreType, subspace: scoreType }, text);
  return { text, weights, sizeMiB, threshold, rescale: 1 };
}
