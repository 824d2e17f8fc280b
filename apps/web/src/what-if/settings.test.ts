import { describe, expect, test } from "vitest";
import { commandLine } from "./command-line.ts";
import { limitedBy, readRecipe, readsBase } from "./recipe-text.ts";
import { flagsOf, INITIAL, valuesOf } from "./settings.ts";

test("the rule that is chosen is what resize is told, on the page and in the form", () => {
  const settings = { ...INITIAL, rule: "rank" as const, rank: 4, dtype: "f16" as const };
  expect(flagsOf(settings)).toEqual({ rank: 4 });
  expect(valuesOf(settings)).toEqual({ rule: "rank", rank: 4, dtype: "f16" });
});

describe("the command", () => {
  test("is what the command line tool takes", () => {
    expect(commandLine(INITIAL, { file: "style.safetensors", base: undefined })).toBe(
      "lora resize style.safetensors -o style-resized.safetensors --energy 0.95",
    );
  });

  test.each([
    ["pirate-tales", "pirate-tales-resized"],
    ["https://huggingface.co/a/b/resolve/main/c.safetensors?download=true", "c-resized.safetensors"],
  ])("writes beside where it runs, a folder for a folder: %s", (file, out) => {
    expect(commandLine(INITIAL, { file, base: undefined })).toContain(` -o ${out} `);
  });

  test("names the base, and quotes what a shell would cut or expand", () => {
    const settings = {
      ...INITIAL,
      rule: "recipe" as const,
      recipe: "spn_ckpt=1, thr=-1",
      dtype: "bf16" as const,
    };
    expect(commandLine(settings, { file: "it's $mine.pt", base: "-base.safetensors" })).toBe(
      String.raw`lora resize 'it'\''s $mine.pt' -o 'it'\''s $mine-resized.safetensors' --recipe 'spn_ckpt=1, thr=-1' --dtype bf16 --base ./-base.safetensors`,
    );
  });
});

describe("a recipe that is typed", () => {
  test("says why it cannot be read yet", () => {
    expect(readRecipe("fro_lora=1,th").problem).toContain("has no key “th”");
  });

  test("takes one limit in the place of the other", () => {
    const { settings } = readRecipe("fro_lora=1,thr=-1");
    expect(limitedBy(settings!, "size", 8)).toBe("fro_lora=1,size=8");
    expect(limitedBy(settings!, "thr", -2)).toBe("fro_lora=1,thr=-2");
  });

  test("reads the base where a weight of it is not 0", () => {
    expect(readsBase(readRecipe("fro_lora=1,thr=-1").settings!)).toBe(false);
    expect(readsBase(readRecipe("subspace=0.5,fro_lora=1,thr=-1").settings!)).toBe(true);
  });
});
