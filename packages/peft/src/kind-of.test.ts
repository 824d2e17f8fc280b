import { expect, test } from "vitest";
import { failure } from "./files.test-helper.ts";
import { kindById, kindOfParts } from "./kind-of.ts";

test.each([
  ["lora", ["down", "up"]],
  ["lora", ["alpha", "up", "down"]],
  ["lora", ["down"]],
  ["locon-tucker", ["down", "mid", "up", "alpha"]],
  ["locon-tucker", ["mid", "up"]],
] as const)("%s is the kind of %j, also where one is missing", (id, parts) => {
  expect(kindOfParts(parts)?.id).toBe(id);
});

test("a kind that does not exist is refused", async () => {
  const error = await failure(() => kindById("loha"));
  expect([error.code, error.message]).toEqual(["UNSUPPORTED", "no adapter kind is called loha"]);
  expect(error.facts["known"]).toEqual(["locon-tucker", "lora"]);
});
