import { describe, expect, test } from "vitest";
import {
  atLeastOne,
  bindRankRule,
  capped,
  fixedRule,
  kneeRule,
  rankRules,
  recipeChoice,
  parseRecipes,
  svRatioRule,
} from "./index.ts";
import type { ModuleSpectrum } from "./index.ts";

const free = { fileBytes: () => 0 };

function module(s: readonly number[], kernel = false): ModuleSpectrum {
  return { name: "m", layer: kernel ? "conv" : "linear", kernel, out: 6, in: 4, s: Float64Array.from(s) };
}

describe("a cap", () => {
  const spectra = [module([4, 3, 2, 1]), module([4, 3, 2, 1], true)];

  test.each([
    [{ rank: 2 }, [2, 2], "rank 4, at most 2"],
    [{ rank: 3, convRank: 1 }, [3, 1], "rank 4, at most 3, conv at most 1"],
    [{ convRank: 1 }, [4, 1], "rank 4, conv at most 1"],
    [{}, [4, 4], "rank 4"],
  ])("of %j keeps %j pairs", (cap, counts, title) => {
    const choice = capped(fixedRule.bind({ rank: 4 }), cap);
    expect(choice.choose(spectra, free).kept.map(({ length }) => length)).toEqual(counts);
    expect(choice.title).toBe(title);
  });

  test("lets a file size be filled up by other modules", () => {
    // 10 bytes a pair: 40 bytes hold four pairs, of which one module may have one.
    const context = { fileBytes: (ranks: readonly number[]) => 10 * ranks.reduce((sum, r) => sum + r, 0) };
    const large = module([90, 80, 70, 60]);
    const choice = capped(recipeChoice(parseRecipes(`params,size=${40 / 2 ** 20}`)[0]!), {
      rank: 3,
      convRank: 1,
    });
    const kept = choice.choose([{ ...large, kernel: true }, module([4, 3, 2, 1])], context).kept;
    expect(kept).toEqual([[0], [0, 1, 2]]);
  });

  test("must be a rank", () => {
    const message = "rank must be a whole number, at least 1, it is -1";
    expect(() => capped(fixedRule.bind({ rank: 4 }), { rank: -1 })).toThrow(message);
  });
});

test("at least one pair is left of every module that has one", () => {
  const spectra = [module([4, 3]), module([0, 0]), module([])];
  const selection = { kept: [[1], [], []], rescale: 2, threshold: 0 };
  expect(atLeastOne(selection, spectra)).toEqual({ kept: [[1], [0], []], rescale: 2, threshold: 0 });
});

describe("the registry", () => {
  test("has an id, a title and a source for each rule, and ids are unique", () => {
    expect(new Set(rankRules.map(({ id }) => id)).size).toBe(rankRules.length);
    for (const { id, title, source } of rankRules) {
      expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(title).toMatch(/^Keeps /);
      expect(source).not.toBe("");
    }
  });

  test("binds a rule from texts", () => {
    expect(bindRankRule(svRatioRule, { ratio: "5", kohyaPlusOne: true }).title).toBe("sv-ratio 5, plus one");
    expect(bindRankRule(svRatioRule, { ratio: "5", kohyaPlusOne: "false" }).title).toBe("sv-ratio 5");
    expect(bindRankRule(fixedRule, { rank: 4, convRank: undefined }).title).toBe("rank 4");
    expect(bindRankRule(kneeRule, { scale: "log" }).title).toBe("knee (log)");
  });

  test.each([
    [
      { ration: "5" },
      "the rule sv-ratio has no option ration",
      "did you mean ratio? (known are ratio, kohyaPlusOne)",
    ],
    [
      {},
      "the rule sv-ratio needs the option ratio",
      "give ratio: largest over smallest singular value that is kept",
    ],
    [{ ratio: "five" }, "ratio must be a number, it is five", undefined],
    [{ ratio: " " }, "ratio must be a number, it is  ", undefined],
    [{ ratio: 5, kohyaPlusOne: "yes" }, "kohyaPlusOne must be true or false, it is yes", undefined],
  ])("refuses the options %j", (options, message, advice) => {
    expect(() => bindRankRule(svRatioRule, options)).toThrow(
      expect.objectContaining({ code: "USAGE", message, advice }),
    );
  });
});
