import { expect, test } from "vitest";
import { stemOf } from "./stem-of.ts";

test.each([
  ["folder/weights.v1.npy", "weights.v1"],
  ["C:\\folder\\weights.pt", "weights"],
  ["https://example.org/a/output.pt", "output"],
  [".hidden", ".hidden"],
  ["", "tensor"],
])("the stem of %j is %j", (name, stem) => {
  expect(stemOf(name)).toBe(stem);
});
