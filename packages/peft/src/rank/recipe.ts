import { demand } from "./_demand.ts";
import type { RankRule } from "./_rank-rule.ts";
import { DEFAULT_RECIPE } from "./_recipe.ts";
import { recipeChoice } from "./_recipe-choice.ts";
import { parseRecipes } from "./_recipe-parse.ts";

type RecipeOptions = {
  /** One recipe; `fro_ckpt=1,thr=-3.5` when left out. */
  readonly recipe?: string | undefined;
};

/** resize_lora's scores, which weigh each pair against its base weight, by threshold or by file size. */
export const recipe: RankRule<RecipeOptions> = {
  id: "recipe",
  title: "Keeps the pairs with the best scores against the base weight",
  source: "https://github.com/elias-gaeros/resize_lora",
  options: {
    recipe: { kind: "text", required: false, description: `weights and thr or size, e.g. ${DEFAULT_RECIPE}` },
  },
  bind({ recipe: text = DEFAULT_RECIPE }) {
    const [first, ...others] = parseRecipes(text);
    demand(first !== undefined && others.length === 0, "recipe", "one recipe, without a colon", text);
    return recipeChoice(first as NonNullable<typeof first>);
  },
};
