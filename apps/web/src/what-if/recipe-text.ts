import { type RecipeSettings, recipeSettings, recipeText } from "@lora/jobs";
import { LoraError } from "@lora/tensor";

/** A recipe as it was typed: what it says, or why it says nothing. */
export type ReadRecipe =
  | { readonly settings: RecipeSettings; readonly problem?: undefined }
  | { readonly settings?: undefined; readonly problem: string };

/** Reads what may be half typed. */
export function readRecipe(text: string): ReadRecipe {
  try {
    return { settings: recipeSettings(text) };
  } catch (error) {
    if (error instanceof LoraError) return { problem: error.message };
    throw error;
  }
}

/** The weights a slider is there for, with what each compares a direction with; the last three read the base. */
export const WEIGHTS = [
  ["spn_lora", "its module's largest σ"],
  ["fro_lora", "its module's norm"],
  ["params", "the parameters it costs"],
  ["spn_ckpt", "the weight's largest σ"],
  ["fro_ckpt", "the weight's norm"],
  ["subspace", "the weight along it"],
] as const;

/** Whether a recipe compares with the base model. */
export function readsBase({ weights }: RecipeSettings): boolean {
  return weights.spn_ckpt !== 0 || weights.fro_ckpt !== 0 || weights.subspace !== 0;
}

/** The recipe with a size in the place of the threshold, or the other way round. */
export function limitedBy(settings: RecipeSettings, by: "thr" | "size", value: number): string {
  return recipeText({
    ...settings,
    threshold: by === "thr" ? value : undefined,
    sizeMiB: by === "size" ? value : undefined,
  });
}
