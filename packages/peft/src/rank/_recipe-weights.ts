import { LoraError } from "@lora/tensor";
import { SCORE_WEIGHTS } from "./_recipe.ts";
import type { Recipe, ScoreWeight } from "./_recipe.ts";

/** A sum this small beside its terms is what rounding leaves of 0. */
const CANCELLED = 1e-12;

/**
 * Weights divided by their sum; what is not given is 0.
 *
 * @throws LoraError USAGE when they add up to 0
 */
export function normalisedWeights(
  given: Partial<Record<ScoreWeight, number>>,
  text: string,
): Recipe["weights"] {
  let sum = 0;
  let magnitude = 0;
  for (const key of SCORE_WEIGHTS) {
    sum += given[key] ?? 0;
    magnitude += Math.abs(given[key] ?? 0);
  }
  if (Math.abs(sum) <= CANCELLED * magnitude) {
    throw new LoraError("USAGE", `the weights of the recipe ${text} add up to 0`, {
      recipe: text,
      advice: `give weights with a sum other than 0, of ${SCORE_WEIGHTS.join(", ")}`,
    });
  }
  const share = (key: ScoreWeight): number => (given[key] ?? 0) / sum;
  return {
    spn_lora: share("spn_lora"),
    spn_ckpt: share("spn_ckpt"),
    subspace: share("subspace"),
    fro_lora: share("fro_lora"),
    fro_ckpt: share("fro_ckpt"),
    params: share("params"),
  };
}
