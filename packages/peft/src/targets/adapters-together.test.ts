import { expect, test } from "vitest";
import type { LoraConfigOptions } from "../config/lora-config-options.ts";
import { loraConfig } from "../config/resolve-lora-config.ts";
import { failure } from "../files.test-helper.ts";
import { demandTogether } from "./adapters-together.ts";

test.each<[LoraConfigOptions, LoraConfigOptions, string]>([
  [{ bias: "all" }, { bias: "lora_only" }, "only one adapter of a model may train its biases, not a and b"],
  [{}, { kasa_config: {} }, "b changes the base weights (KaSA), and the other adapters do not expect it"],
  [
    { target_parameters: ["x"] },
    { target_parameters: ["x", "y"] },
    "a and b adapt different parameters of one model",
  ],
])("adapters that cannot be on one model: %j and %j", async (a, b, message) => {
  const configs = new Map([
    ["a", loraConfig(a)],
    ["b", loraConfig(b)],
  ]);
  const error = await failure(() => demandTogether(configs));
  expect([error.code, error.message]).toEqual(["USAGE", message]);
});

test("adapters that can: one with biases, all with KaSA, the same parameters in any order", () => {
  const together = (...all: LoraConfigOptions[]): void =>
    demandTogether(new Map(all.map((options, index) => [String(index), loraConfig(options)])));
  expect(() => together({ bias: "all" }, {})).not.toThrow();
  expect(() => together({ kasa_config: {} }, { kasa_config: {} })).not.toThrow();
  expect(() =>
    together({ target_parameters: ["x", "y"] }, { target_parameters: ["y", "x"] }, {}),
  ).not.toThrow();
});
