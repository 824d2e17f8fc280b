import { tensorOfValues } from "@lora/tensor";
import { expect, test } from "vitest";
import { failure } from "./files.test-helper.ts";
import { kindById, kindOfParts } from "./kind-of.ts";
import { kinds } from "./kinds/_index.ts";
import type { Part } from "./parts.ts";

test.each([
  ["lora", ["down", "up"]],
  ["lora", ["alpha", "up", "down"]],
  ["lora", ["down"]],
  ["locon-tucker", ["down", "mid", "up", "alpha"]],
  ["locon-tucker", ["mid", "up"]],
  ["loha", ["hada_w1_a", "alpha"]],
  ["lokr", ["lokr_w1", "lokr_w2_a"]],
  ["full", ["diff"]],
  ["adalora", ["singular", "down"]],
  ["glora", ["glora_a1", "glora_b2"]],
  ["peft-oft", ["oft_R"]],
  ["peft-boft", ["boft_s"]],
  ["ia3", ["ia3_l"]],
  ["ia3-difference", ["on_input"]],
] as const)("%s is the kind of %j, also where one is missing", (id, parts) => {
  const tensor = tensorOfValues([1], "f32", [1, 1]);
  expect(kindOfParts(new Map(parts.map((part: Part) => [part, { name: part, tensor }])))?.id).toBe(id);
});

test.each([
  ["oft", [2, 4, 4]],
  ["boft", [1, 2, 4, 4]],
])("%s has blocks of %j", (id, shape) => {
  const tensor = tensorOfValues(new Array<number>(32).fill(0), "f32", shape);
  expect(kindOfParts(new Map([["oft_blocks", { name: "blocks", tensor }]]))?.id).toBe(id);
});

test("a kind that does not exist is refused", async () => {
  const error = await failure(() => kindById("lohan"));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", "no adapter kind is called lohan"]);
  expect(error.facts["known"]).toEqual(kinds.map(({ id }) => id));
});
