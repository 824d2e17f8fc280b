import { expect, test } from "vitest";
import { failure } from "./files.test-helper.ts";
import { kindById, kindOfParts } from "./kind-of.ts";

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
] as const)("%s is the kind of %j, also where one is missing", (id, parts) => {
  expect(kindOfParts(parts)?.id).toBe(id);
});

test("a kind that does not exist is refused", async () => {
  const error = await failure(() => kindById("lohan"));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", "no adapter kind is called lohan"]);
  expect(error.facts["known"]).toEqual([
    "adalora",
    "full",
    "locon-tucker",
    "loha",
    "lokr",
    "lora-transposed",
    "lora",
    "merged-linear",
  ]);
});
