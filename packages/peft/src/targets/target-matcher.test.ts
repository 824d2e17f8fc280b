import { expect, test } from "vitest";
import golden from "./matches.golden.json" with { type: "json" };
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import { loraScales } from "../config/lora-scales.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import { failure } from "../files.test-helper.ts";
import { defaultTargets, MODELS_WITH_TARGETS } from "./default-targets.ts";
import { minimalTargets } from "./minimal-targets.ts";
import { targetMatcher } from "./target-matcher.ts";

const { names, configs, keys, minimal, defaults } = golden as unknown as {
  names: string[];
  configs: { options: LoraConfigOptions; verdicts: string }[];
  keys: { patterns: Record<string, number>; found: Record<string, string> }[];
  minimal: { targets: string[]; others: string[]; minimal: string[] }[];
  defaults: Record<string, string[] | string>;
};
const LETTERS = { matched: "1", unmatched: "0", excluded: "x" };

test.each(configs)("the modules that PEFT finds: $options", ({ options, verdicts }) => {
  const match = targetMatcher(loraConfig(options));
  expect(names.map((name) => LETTERS[match(name)]).join("")).toBe(verdicts);
});

test.each(keys)("the first key that fits is the one that counts: $patterns", ({ patterns, found }) => {
  const scales = loraScales(loraConfig({ rank_pattern: patterns, r: 99 }));
  for (const [name, key] of Object.entries(found)) {
    expect([name, scales.of(name).rank]).toEqual([name, patterns[key] ?? 99]);
  }
});

test.each(minimal)("as few ends as PEFT finds: $targets, not $others", (each) => {
  expect(minimalTargets(each.targets, each.others)).toEqual(each.minimal);
});

test.each([
  [[], [], "there are no targets to find the ends of"],
  [["a", ""], [], "a target has no name"],
  [["a", "b"], ["b"], "b cannot be a target and another module"],
])("ends are of targets that differ from the others: %j, %j", async (targets, others, message) => {
  const error = await failure(() => minimalTargets(targets, others));
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});

test("every type of model that PEFT knows has its targets, and no other", () => {
  expect(Object.fromEntries(MODELS_WITH_TARGETS.map((type) => [type, defaultTargets(type)]))).toEqual(
    defaults,
  );
  expect(defaultTargets("unheard-of")).toBeUndefined();
});

test("hand-worked: a number counts as a layer from the third segment on, and the first such decides", () => {
  const match = targetMatcher(loraConfig({ target_modules: ["q"], layers_to_transform: [1] }));
  const paths = ["m.layers.1.q", "m.layers.2.experts.1.q", "layers.1.q", "1.q", "q"];
  expect(paths.map(match)).toEqual(["matched", "unmatched", "unmatched", "unmatched", "matched"]);
});
