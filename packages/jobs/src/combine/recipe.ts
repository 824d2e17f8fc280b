import {
  bindCombineMethod,
  combineMethods,
  type CombineOptions,
  PEFT_COMBINATIONS,
  type PeftCombinationName,
} from "@lora/peft";
import { LoraError } from "@lora/tensor";

/** How updates become one, as plain data. */
export interface CombineRecipe extends CombineOptions {
  readonly method: string;
  /** The most pairs of a module. */
  readonly rank?: number | undefined;
  /** The largest relative error of a module that truncation may make. */
  readonly error?: number | undefined;
  /** `peft` gives the numbers of PEFT 0.21's `add_weighted_adapter`. */
  readonly compat?: "peft" | undefined;
  /** With `compat`: quantile beyond which factors of a decomposition are clamped. */
  readonly svdClamp?: number | undefined;
  /** Of what is left to chance, and of randomised decompositions. @default 0 */
  readonly seed?: number | undefined;
}

/** A title for reports. */
export function recipeTitle({ method, compat }: CombineRecipe): string {
  return compat === "peft" ? `${method}, as PEFT does it` : bindCombineMethod(method).method.title;
}

/** The options of a recipe that a method may take. */
export function methodOptions({ density, epsilon, outliers, sign }: CombineRecipe): CombineOptions {
  return { density, epsilon, outliers, sign };
}

/**
 * Refuses a recipe that cannot be followed, before anything is read.
 *
 * @throws LoraError USAGE
 */
export function checkRecipe(recipe: CombineRecipe, adapters: number): void {
  const { rank, error, svdClamp } = recipe;
  demand(
    rank === undefined || (Number.isInteger(rank) && rank >= 1),
    `the rank must be a whole number above 0, and is ${rank}`,
  );
  demand(
    error === undefined || (error >= 0 && error < 1),
    `the error must be at least 0 and below 1, and is ${error}`,
  );
  demand(
    svdClamp === undefined || (svdClamp >= 0 && svdClamp <= 1),
    `the quantile to clamp at must be from 0 to 1, and is ${svdClamp}`,
  );
  if (recipe.compat === "peft") {
    checkCompat(recipe);
    return;
  }
  demand(svdClamp === undefined, "clamping is only for compat peft: it damages a decomposition");
  const { method } = bindCombineMethod(recipe.method, methodOptions(recipe));
  const limited = rank !== undefined || error !== undefined;
  demand(method.rank !== "stacked" || !limited, `${method.id} keeps all ranks: use svd to limit them`);
  demand(
    adapters <= (method.most ?? Infinity),
    `${method.id} takes ${method.most} adapters at most, and ${adapters} are given: use karcher`,
  );
}

function checkCompat({ method, error, rank, epsilon, outliers }: CombineRecipe): void {
  demand(
    isPeftName(method),
    `PEFT has no combination type ${method}: it has ${Object.keys(PEFT_COMBINATIONS).join(", ")}`,
  );
  demand(error === undefined, "PEFT chooses no ranks by error: give --rank");
  demand(epsilon === undefined && outliers === undefined, "PEFT has neither della nor breadcrumbs");
  demand(
    rank === undefined || PEFT_COMBINATIONS[method].onUpdates,
    `PEFT's ${method} has the rank of its adapters`,
  );
}

/** Whether PEFT has a combination type of this name. */
export function isPeftName(name: string): name is PeftCombinationName {
  return Object.hasOwn(PEFT_COMBINATIONS, name);
}

function demand(holds: boolean, rule: string): asserts holds {
  if (!holds) throw new LoraError("USAGE", rule, { advice: "see lora combine --help" });
}

/** Names of the methods that `combine` has by default; with `compat: "peft"` it has PEFT's own. */
export function combineMethodNames(): string[] {
  return combineMethods.map(({ id }) => id);
}
