import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type RecipeSettings, recipeSettings, recipeText } from "../index.ts";

const NONE = { spn_lora: 0, spn_ckpt: 0, subspace: 0, fro_lora: 0, fro_ckpt: 0, params: 0 };

describe("a recipe", () => {
  test("is read with its weights as they are written", () => {
    expect(recipeSettings("spn_ckpt=2, subspace ,size=8")).toEqual({
      weights: { ...NONE, spn_ckpt: 2, subspace: 1 },
      threshold: undefined,
      sizeMiB: 8,
      rescale: 1,
    });
  });

  test("is written with what has to be said", () => {
    const settings = { weights: { ...NONE, params: -0.5, fro_lora: 1 }, sizeMiB: undefined, rescale: 1 };
    expect(recipeText({ ...settings, threshold: -1.5 })).toBe("fro_lora=1,params=-0.5,thr=-1.5");
    expect(recipeText({ ...settings, threshold: -1, rescale: 2, sizeMiB: 1e-7 })).toBe(
      "fro_lora=1,params=-0.5,rescale=2,thr=-1,size=1e-7",
    );
  });

  test.each(["", "spn_lora=1", "spn_lora=1,fro_lora=-1,thr=-1", "spn_lora=1,thr=-1:fro_lora=1,thr=-1"])(
    "that is none or several is refused: %s",
    (text) => {
      expect(() => recipeSettings(text)).toThrow(expect.objectContaining({ code: "USAGE" }));
    },
  );
});

test("settings come back from the text they make", () => {
  const weight = fc.double({ min: -3, max: 3, noNaN: true }).map((value) => value + 0);
  const above0 = fc.double({ min: 1e-9, max: 1e6, noNaN: true });
  const settings: fc.Arbitrary<RecipeSettings> = fc.record({
    // A large one, so that they never add up to 0.
    weights: fc
      .record({ spn_lora: weight.map((value) => value + 20), subspace: weight, params: weight })
      .map((given) => ({ ...NONE, ...given })),
    threshold: fc.double({ min: -9, max: 9, noNaN: true }).map((value) => value + 0),
    sizeMiB: fc.option(above0, { nil: undefined }),
    rescale: above0,
  });
  fc.assert(
    fc.property(settings, (one) => {
      expect(recipeSettings(recipeText(one))).toEqual(one);
    }),
    { seed: 3 },
  );
});
