import { expect, test } from "vitest";
import { matrix } from "./create.ts";
import { matrixMap } from "./matrix-map.ts";
import { multiply } from "./multiply.ts";
import { maxAbs } from "./norms.ts";
import { productMap } from "./product-map.ts";
import { randomMatrix } from "./random-matrix.ts";
import { minus } from "./checks.test-helper.ts";

test("a matrix and the product of its factors act the same", () => {
  const [up, down] = [randomMatrix(6, 2, 1), randomMatrix(2, 5, 2)];
  const [dense, product] = [matrixMap(multiply(up, down)), productMap(up, down)];
  expect([product.rows, product.cols]).toEqual([dense.rows, dense.cols]);
  const [x, y] = [randomMatrix(5, 3, 3), randomMatrix(6, 3, 4)];
  const bound = 1000 * Number.EPSILON; // entries below 10, sums of at most 6
  expect(maxAbs(minus(product.multiply(x), dense.multiply(x)))).toBeLessThan(bound);
  expect(maxAbs(minus(product.multiplyTransposed(y), dense.multiplyTransposed(y)))).toBeLessThan(bound);
});

test("factors that do not fit are refused", () => {
  const a = matrix([[1, 2]]);
  expect(() => productMap(a, a)).toThrow("the inner sizes of up · down differ: 1 × 2 and 1 × 2");
});
