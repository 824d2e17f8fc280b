import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  DEFAULT_RECIPE,
  parseRecipes,
  recipeRule,
  recipeChoice,
  recipeMetadata,
  recipeScores,
  recipeSuffix,
} from "./index.ts";
import { shrunkLoraRecipe } from "./index.ts";
import type { ModuleSpectrum, Recipe } from "./index.ts";

const free = { fileBytes: () => 0 };

function parse(text: string): Recipe {
  return parseRecipes(text)[0]!;
}

function module(s: readonly number[], base?: ModuleSpectrum["base"]): ModuleSpectrum {
  return { name: "m", layer: "linear", kernel: false, out: 6, in: 4, s: Float64Array.from(s), base };
}

describe("the language", () => {
  test("a bare weight is 1, and weights are divided by their sum", () => {
    expect(parse("spn_ckpt,subspace=3,thr=-1").weights).toEqual({
      spn_lora: 0,
      spn_ckpt: 0.25,
      subspace: 0.75,
      fro_lora: 0,
      fro_ckpt: 0,
      params: 0,
    });
  });

  test("weights may be negative", () => {
    expect(parse("fro_ckpt=2,params=-1,thr=0").weights).toMatchObject({ fro_ckpt: 2, params: -1 });
  });

  test("a colon separates recipes, and spaces mean nothing", () => {
    const recipes = parseRecipes(" spn_lora = 1 , thr = -1e-1 :params,size=.5,rescale=2");
    expect(recipes.map(({ threshold, sizeMiB, rescale }) => [threshold, sizeMiB, rescale])).toEqual([
      [-0.1, undefined, 1],
      [undefined, 0.5, 2],
    ]);
    expect(recipes[0]?.text).toBe("spn_lora = 1 , thr = -1e-1");
  });

  test("the default is resize_lora's", () => {
    expect(recipeRule.bind({}).title).toBe(`recipe ${DEFAULT_RECIPE}`);
  });

  test.each([
    ["spn_chpt=1,thr=-1", "a recipe has no key “spn_chpt”", /did you mean spn_ckpt\?/],
    ["=1,thr=-1", "a recipe has no key “”", /^known are spn_lora/],
    ["spn_lora,thr", "thr has no value", /thr=<number>/],
    ["spn_lora=,thr=1", "spn_lora has no value", /spn_lora=<number>/],
    ["spn_lora=one,thr=1", "spn_lora=one is not a number", /1\.5/],
    ["spn_lora=1=2,thr=1", "spn_lora=1=2 is not a number", /1\.5/],
    ["spn_lora,thr=1,", "a part of the recipe “spn_lora,thr=1,” is empty", /comma/],
    ["", "a part of the recipe “” is empty", /key=value/],
    ["spn_lora,spn_lora,thr=1", "the recipe gives spn_lora twice", /colon/],
    ["spn_lora=1", "the recipe spn_lora=1 does not say how much to keep", /size=<MiB>/],
    ["spn_lora,size=0", "size must be above 0, it is 0", /positive size/],
    ["spn_lora,thr=1,rescale=-2", "rescale must be above 0, it is -2", /positive rescale/],
    ["thr=1", "the weights of the recipe thr=1 add up to 0", /other than 0/],
    [
      "spn_lora=0.3,params=-0.1,fro_lora=-0.2,thr=1",
      "the weights of the recipe spn_lora=0.3,params=-0.1,fro_lora=-0.2,thr=1 add up to 0",
      /other than 0/,
    ],
  ])("refuses “%s”", (text, message, advice) => {
    const wanted = { code: "USAGE", message, advice: expect.stringMatching(advice) };
    expect(() => parseRecipes(text)).toThrow(expect.objectContaining(wanted));
  });

  test("the rule takes one recipe", () => {
    const message = "recipe must be one recipe, without a colon, it is spn_lora,thr=0:params,thr=0";
    expect(() => recipeRule.bind({ recipe: "spn_lora,thr=0:params,thr=0" })).toThrow(message);
  });
});

describe("the base weight", () => {
  test.each([
    ["spn_lora,fro_lora,params,thr=0", []],
    ["spn_lora,spn_ckpt=1e-7,thr=0", []],
    ["fro_ckpt,thr=0", ["frobeniusNorm"]],
    ["spn_ckpt,subspace=-0.5,thr=0", ["spectralNorm", "subspaceFactors"]],
  ])("%s reads no more than %j of it", (text, needs) => {
    expect(recipeChoice(parse(text)).needs).toEqual(needs);
  });

  test("is asked for where it is missing", () => {
    const message = "the recipe compares m with its base weight, and there is none";
    const choose = (): unknown => recipeChoice(parse("fro_ckpt,thr=0")).choose([module([1])], free);
    expect(choose).toThrow(expect.objectContaining({ code: "MISSING", message }));
  });

  test("must give one factor for each pair", () => {
    const short = module([2, 1], { subspaceFactors: Float64Array.of(1) });
    const message = "2 singular values need as many subspace factors, there are 1";
    expect(() => recipeScores(parse("subspace,thr=0"), short)).toThrow(message);
  });

  test("a reference of 0 is kept first, contradicting ones last", () => {
    const zero = { spectralNorm: 0, subspaceFactors: Float64Array.of(0, -10, 0) };
    const scores = (text: string): number[] => [...recipeScores(parse(text), module([4, 1, 0], zero))];
    expect(scores("subspace,thr=0")).toEqual([Infinity, -1, -Infinity]);
    expect(scores("subspace=2,spn_ckpt=-1,thr=0")).toEqual([-Infinity, -Infinity, -Infinity]);
  });
});

describe("selection", () => {
  test("a score at the threshold is kept, and so are pairs after a dropped one", () => {
    const base = { subspaceFactors: Float64Array.of(1, 10, 0.1) };
    const kept = recipeChoice(parse("subspace,thr=1")).choose([module([10, 5, 1], base)], free).kept;
    expect(kept).toEqual([[0, 2]]);
  });

  test("rescale moves the scores and is handed on", () => {
    const choice = recipeChoice(parse("spn_lora,thr=0,rescale=0.5"));
    expect(choice.choose([module([2, 1])], free)).toEqual({ kept: [[]], threshold: 0, rescale: 0.5 });
  });

  // 100 bytes of header, 30 bytes a pair: n pairs fit 100 + 30·n bytes.
  const context = {
    fileBytes: (ranks: readonly number[]) => 100 + 30 * ranks.reduce((sum, r) => sum + r, 0),
  };
  const spectra = [module([8, 4, 1, 0]), module([8, 2, 1])];
  const sized = (bytes: number): Recipe => ({ ...parse("params,size=1"), sizeMiB: bytes / 2 ** 20 });

  test.each([
    [100, [[], []]],
    [130, [[0], []]], // a tie between the modules' first pairs: the first module wins
    [189, [[0], [0]]],
    [190, [[0, 1], [0]]],
    [
      280,
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    ], // everything but σ = 0
    [
      1e6,
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    ],
  ])("of %i bytes fills the file and never more", (bytes, kept) => {
    expect(recipeChoice(sized(bytes)).choose(spectra, context).kept).toEqual(kept);
  });

  test("by size tells the score that decided", () => {
    const threshold = (bytes: number): number | undefined =>
      recipeChoice(sized(bytes)).choose(spectra, context).threshold;
    expect([threshold(100), threshold(1e6)]).toEqual([Infinity, -Infinity]);
    expect(threshold(190)).toBeCloseTo(Math.log10(4 / 10), 14);
  });

  test("by size refuses what not even an empty file fits", () => {
    const message = "the file takes 100 bytes without any pair, size=0.00009 allows 94";
    const choose = (): unknown => recipeChoice(parse("params,size=0.00009")).choose(spectra, context);
    expect(choose).toThrow(expect.objectContaining({ code: "USAGE", message }));
  });

  test("by size is the longest run of best pairs, against trying each", () => {
    const module12 = fc
      .array(fc.integer({ min: 0, max: 4 }), { maxLength: 5 })
      .map((s) => module(s.sort((a, b) => b - a)));
    fc.assert(
      fc.property(
        fc.array(module12, { maxLength: 4 }),
        fc.integer({ min: 100, max: 500 }),
        (modules, bytes) => {
          const kept = recipeChoice(sized(bytes))
            .choose(modules, context)
            .kept.map(({ length }) => length);
          const values = modules.flatMap(({ s }) => [...s]).filter((value) => value > 0);
          const room = Math.floor((bytes - 100) / 30);
          expect(kept.reduce((sum, count) => sum + count, 0)).toBe(Math.min(room, values.length));
          const best = values.sort((a, b) => b - a).slice(0, room);
          const chosen = modules.flatMap(({ s }, index) => [...s.subarray(0, kept[index])]);
          expect(chosen.sort((a, b) => b - a)).toEqual(best);
        },
      ),
      { seed: 7 },
    );
  });
});

describe("the Shrunk LoRA Guide's score type", () => {
  const base = { spectralNorm: 5, subspaceFactors: Float64Array.of(-3, 0.2, 1.5) };
  test.each([0, 0.25, 0.7, 1])("%d mixes log sval_ratios and log subspace_ratios", (t) => {
    const s = [2, 1, 0.5];
    const scores = recipeScores(shrunkLoraRecipe(t, { sizeMiB: 8 }), module(s, base));
    s.forEach((value, index) => {
      const svalRatio = value / base.spectralNorm;
      const subspaceRatio = value / Math.abs(base.subspaceFactors[index]!);
      const lerp = (1 - t) * Math.log10(svalRatio) + t * Math.log10(subspaceRatio);
      expect(scores[index]).toBeCloseTo(lerp, 13);
    });
  });

  test("is the recipe its text says", () => {
    const shrunk = shrunkLoraRecipe(0.25, { threshold: -1.5 });
    expect(shrunk).toEqual(parse(shrunk.text));
  });

  test("outside its limits is refused", () => {
    expect(() => shrunkLoraRecipe(1.5, { sizeMiB: 8 })).toThrow("scoreType must be from 0 to 1, it is 1.5");
    expect(() => shrunkLoraRecipe(0, { sizeMiB: 0 })).toThrow("sizeMiB must be a number above 0, it is 0");
  });
});

describe("what is written", () => {
  test.each([
    ["fro_ckpt=1,thr=-3.5", undefined, "_frockpt1_th-3.5"],
    [
      "subspace=1,spn_ckpt=2,size=8,rescale=0.5",
      -1.43,
      "_spnckpt0.666667_subspace0.333333_scale0.5_size8_th-1.43",
    ],
    ["spn_lora=0.501,params=0.499,thr=-1.204", undefined, "_params0.499_spnlora0.501_th-1.204"],
    ["spn_lora,size=8,thr=-2", undefined, "_spnlora1_size8"],
    ["spn_lora,size=8", -Infinity, "_spnlora1_size8"],
  ])("the suffix of %s with threshold %s", (text, threshold, suffix) => {
    expect(recipeSuffix(parse(text), threshold)).toBe(suffix);
  });

  test.each([
    [-1.5, -1.5],
    [-Infinity, null],
    [undefined, null],
  ])("metadata is JSON for a threshold of %s", (threshold, written) => {
    expect(JSON.parse(recipeMetadata(parse("spn_lora,size=8"), threshold))).toEqual({
      recipe_str: "spn_lora,size=8",
      weights: { spn_lora: 1, spn_ckpt: 0, subspace: 0, fro_lora: 0, fro_ckpt: 0, params: 0 },
      target_size: 8,
      threshold: written,
      rescale: 1,
    });
  });
});
