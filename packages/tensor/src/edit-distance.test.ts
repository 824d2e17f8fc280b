import { expect, test } from "vitest";
import { editDistance } from "./index.ts";

test.each([
  ["", "", 0],
  ["rank", "rank", 0],
  ["", "abc", 3],
  ["rnk", "rank", 1],
  ["kitten", "sitting", 3],
  ["spn_ckpt", "fro_ckpt", 3],
])("from %j to %j are %i edits, and as many back", (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
  expect(editDistance(b, a)).toBe(edits);
});
