import { LoraError } from "@lora/tensor";
import { nameAdvice } from "./_nearest.ts";
import { SCORE_WEIGHTS } from "./_recipe.ts";
import type { Recipe } from "./_recipe.ts";
import { normalisedWeights } from "./_recipe-weights.ts";

const SELECTORS = ["thr", "size", "rescale"] as const;
const KEYS: readonly string[] = [...SCORE_WEIGHTS, ...SELECTORS];
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

function refuse(rule: string, recipe: string, advice: string): never {
  throw new LoraError("USAGE", rule, { recipe, advice });
}

/** `key=value` or, for a weight, `key` alone, which means 1. */
function parsePart(part: string, recipe: string): [key: string, value: number] {
  const [key = "", ...rest] = part.split("=").map((piece) => piece.trim());
  const value = rest.join("=");
  if (!KEYS.includes(key)) refuse(`a recipe has no key “${key}”`, recipe, nameAdvice(key, KEYS));
  if (rest.length === 0 && !(SELECTORS as readonly string[]).includes(key)) return [key, 1];
  if (value === "") refuse(`${key} has no value`, recipe, `write ${key}=<number>`);
  const number = NUMBER.test(value) ? Number(value) : Number.NaN;
  if (!Number.isFinite(number))
    refuse(`${key}=${value} is not a number`, recipe, `write ${key}=<number>, e.g. ${key}=1.5`);
  return [key, number];
}

/**
 * The parts of one recipe by key, as they are written: weights are not divided by their sum.
 *
 * @throws LoraError USAGE when a key is unknown or given twice, or a value is missing or no number
 */
export function recipeParts(text: string): Map<string, number> {
  const parts = new Map<string, number>();
  for (const part of text.split(",")) {
    if (part.trim() === "")
      refuse(
        `a part of the recipe “${text}” is empty`,
        text,
        "write parts as key=value, with one comma between two",
      );
    const [key, value] = parsePart(part, text);
    if (parts.has(key))
      refuse(`the recipe gives ${key} twice`, text, "give each key once, and a colon between two recipes");
    parts.set(key, value);
  }
  return parts;
}

function parseRecipe(text: string): Recipe {
  const parts = recipeParts(text);
  const [threshold, sizeMiB, rescale = 1] = SELECTORS.map((key) => parts.get(key));
  if (threshold === undefined && sizeMiB === undefined) {
    refuse(
      `the recipe ${text} does not say how much to keep`,
      text,
      "add thr=<log10 of the least score> or size=<MiB>",
    );
  }
  for (const [key, value] of [
    ["size", sizeMiB ?? 1],
    ["rescale", rescale],
  ] as const) {
    if (!(value > 0)) refuse(`${key} must be above 0, it is ${value}`, text, `give a positive ${key}`);
  }
  return { text, weights: normalisedWeights(Object.fromEntries(parts), text), threshold, sizeMiB, rescale };
}

/**
 * Reads resize_lora's recipe language: `key=value` parts separated by commas, recipes by colons.
 * Weights `spn_lora spn_ckpt subspace fro_lora fro_ckpt params` (a bare key is 1; negative ones are
 * allowed) are divided by their sum; `thr`, `size` (MiB) and `rescale` say what to keep.
 *
 * @throws LoraError USAGE when a key is unknown or given twice, a value missing or no number, weights add
 * up to 0, or neither `thr` nor `size` is given
 * @see https://github.com/elias-gaeros/resize_lora
 */
export function parseRecipes(text: string): Recipe[] {
  return text.split(":").map((recipe) => parseRecipe(recipe.trim()));
}
