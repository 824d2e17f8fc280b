import { expect, test } from "vitest";
import { cosineMatrix } from "./cosine-matrix.ts";

test("pairs become a symmetric matrix; who shares nothing has no cosine", () => {
  const pair = { modules: 4, outputOverlap: 0.1, inputOverlap: 0.2 };
  expect(cosineMatrix(3, [{ ...pair, a: 0, b: 2, cosine: -0.25 }])).toEqual([
    [1, null, -0.25],
    [null, 1, null],
    [-0.25, null, 1],
  ]);
});
