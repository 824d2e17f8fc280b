import { LoraError } from "@lora/tensor";
import { expect, test } from "vitest";
import { chooseGroups } from "./choose-groups.ts";
import { groupModules, singleGroups } from "./module-groups.ts";
import { modulesOf } from "./reports.test-helper.ts";

const at = (component: string, path: string): { component: string; path: string; name: string } => ({
  component,
  path,
  name: `lora_${component}_${path}`,
});

test("the same layer of several blocks is one group, in the order of the blocks", () => {
  const [group, ...others] = groupModules([
    at("unet", "down_blocks_10_attn1_to_q"),
    at("unet", "down_blocks_2_attn1_to_q"),
  ]);
  expect(others).toEqual([]);
  expect(group?.label).toBe("down_blocks_{2-10}_attn1_to_q");
  expect(group?.modules.map(({ path }) => path)).toEqual([
    "down_blocks_2_attn1_to_q",
    "down_blocks_10_attn1_to_q",
  ]);
});

test("an index that all share is kept, digits inside a word are no index", () => {
  const groups = groupModules([
    at("unet", "mid.0.attn1.ff.net.0.proj"),
    at("unet", "mid.1.attn1.ff.net.0.proj"),
  ]);
  expect(groups.map(({ label }) => label)).toEqual(["mid.{0-1}.attn1.ff.net.0.proj"]);
});

test("single modules stand in the order of their blocks", () => {
  const modules = [at("unet", "layers.10.q"), at("te1", "layers.0.q"), at("unet", "layers.2.q")];
  expect(singleGroups(modules).map(({ component, label }) => `${component} ${label}`)).toEqual([
    "unet layers.2.q",
    "unet layers.10.q",
    "te1 layers.0.q",
  ]);
});

test("components are kept apart", () => {
  const groups = groupModules([at("te1", "layers_0_q"), at("te2", "layers_0_q"), at("te1", "layers_1_q")]);
  expect(groups.map(({ component, label }) => `${component} ${label}`)).toEqual([
    "te1 layers_{0-1}_q",
    "te2 layers_0_q",
  ]);
});

test("up to forty modules are listed one by one, more by group, all on demand", () => {
  expect(chooseGroups(modulesOf(20), undefined)).toHaveLength(40);
  expect(chooseGroups(modulesOf(21), undefined)).toHaveLength(2);
  expect(chooseGroups(modulesOf(21), "all")).toHaveLength(42);
});

test.each([
  ["*q_proj", 3],
  ["model.layers.?.self_attn.v_proj", 3],
  ["base_model.model.model.layers.1.*", 2],
  ["*", 6],
])("the glob %s fits %i of six modules", (glob, count) => {
  expect(chooseGroups(modulesOf(3), glob)).toHaveLength(count);
});

test("a glob that fits nothing is an error with a pattern that would", () => {
  const wrong = (): unknown => chooseGroups(modulesOf(3), "*(attn");
  expect(wrong).toThrow(LoraError);
  expect(wrong).toThrow("no module fits --modules *(attn");
  try {
    wrong();
  } catch (error) {
    expect(error).toMatchObject({
      code: "USAGE",
      advice:
        'quote the pattern; a name here is base_model.model.model.layers.0.self_attn.q_proj, so try "*proj*"',
    });
  }
});
