import { expect, test } from "vitest";
import { elementCount, sameShape, shapeText } from "./shapes.ts";

test("a scalar has one element, an axis of 0 makes none", () => {
  expect([elementCount([]), elementCount([3, 4]), elementCount([3, 0])]).toEqual([1, 12, 0]);
});

test("shapes are the same axis by axis", () => {
  expect([sameShape([2, 3], [2, 3]), sameShape([2, 3], [3, 2]), sameShape([2], [2, 1])]).toEqual([
    true,
    false,
    false,
  ]);
});

test("shapes are written with ×", () => {
  expect([shapeText([320, 4, 3, 3]), shapeText([])]).toEqual(["320 × 4 × 3 × 3", "scalar"]);
});
