import { describe, expect, test } from "vitest";
import { rankRules } from "./_index.ts";
import { bindRankRule } from "./_bind.ts";
import { capped } from "./_capped.ts";
import { recipeChoice } from "./_recipe-choice.ts";
import { parseRecipes } from "./_recipe-parse.ts";
import { recipeScores } from "./_recipe-score.ts";
import type { RankOptionValues } from "./_rank-rule.ts";
import type { ModuleSpectrum, RankContext } from "./_rule.ts";
import golden from "./rank-rules.golden.json" with { type: "json" };

// Made by tooling/goldens/rank-rules.py from dense float64 SVDs.
const spectra = golden.spectra.map((module): ModuleSpectrum => {
  const base = { ...module.base, subspaceFactors: Float64Array.from(module.base.subspaceFactors) };
  return { ...module, layer: module.layer as ModuleSpectrum["layer"], s: Float64Array.from(module.s), base };
});

const context: RankContext = {
  fileBytes: (ranks) =>
    ranks.reduce((size, rank, index) => {
      const module = spectra[index]!;
      return size + (rank > 0 ? 100 : 0) + 2 * rank * (module.out + module.in);
    }, 64),
};

function bind(rule: string, options: object): ReturnType<typeof bindRankRule> {
  const found = rankRules.find(({ id }) => id === rule)!;
  return bindRankRule(found, options as RankOptionValues);
}

function counts(kept: readonly (readonly number[])[]): number[] {
  return kept.map((indices) => indices.length);
}

describe("against dense float64 SVDs", () => {
  test.each(golden.prefix)("$rule $options keeps the pairs its definition says", (expected) => {
    const { kept } = bind(expected.rule, expected.options).choose(spectra, context);
    expect(counts(kept)).toEqual(expected.counts);
  });

  test.each(golden.kohya)(
    "$rule $options under a cap of $cap gives the ranks of kohya's script",
    (expected) => {
      const choice = capped(bind(expected.rule, expected.options), { rank: expected.cap });
      expect(counts(choice.choose(spectra, context).kept)).toEqual(expected.counts);
    },
  );

  test.each(golden.recipes)("the recipe $recipe keeps the pairs its definition says", (expected) => {
    const selection = bind("recipe", { recipe: expected.recipe }).choose(spectra, context);
    expect(selection.kept).toEqual(expected.kept);
  });

  test.each(golden.recipes)("the recipe $recipe scores within 1e-12", (expected) => {
    const [parsed] = parseRecipes(expected.recipe);
    spectra.forEach((module, index) => {
      const wanted = expected.scores[index]!;
      recipeScores(parsed!, module).forEach((score, pair) => {
        expect(score).toBeCloseTo(wanted[pair] ?? -Infinity, 12);
      });
    });
  });

  test("a threshold found by size selects the same pairs when it is given", () => {
    const [sized] = parseRecipes("subspace=0.7,spn_ckpt=0.3,size=0.0015");
    const first = recipeChoice(sized!).choose(spectra, context);
    const again = recipeChoice({ ...sized!, sizeMiB: undefined, threshold: first.threshold }).choose(
      spectra,
      context,
    );
    expect(again.kept).toEqual(first.kept);
  });
});
