import { type Matrix, multiply, randomMatrix, singularValues } from "@lora/linalg";
import { expect, test } from "vitest";
import { norm } from "../arithmetic.ts";
import { productNorms } from "./product-norms.ts";

const term = (out: number, inner: number, size: number, seed: number): { up: Matrix; down: Matrix } => ({
  up: {
    ...randomMatrix(out, inner, seed),
    data: randomMatrix(out, inner, seed).data.map((value) => value * size),
  },
  down: randomMatrix(inner, 20, seed + 1),
});

function dense(terms: readonly { up: Matrix; down: Matrix }[]): Matrix {
  const products = terms.map(({ up, down }) => multiply(up, down));
  const data = products[0]!.data.map((_, i) => products.reduce((sum, product) => sum + product.data[i]!, 0));
  return { ...products[0]!, data };
}

test.each([
  ["one term", [term(30, 4, 1, 1)]],
  ["terms of like size", [term(30, 4, 1, 1), term(30, 3, 1, 3), term(30, 6, 1, 5)]],
  ["terms of no column", [term(30, 0, 1, 1), term(30, 3, 1, 3)]],
  ["more columns than rows", [term(6, 9, 1, 1), term(6, 9, 1, 3)]],
])("norms of the sum of products are those of the dense matrix: %s", (_, terms) => {
  const values = singularValues(dense(terms));
  const { frobenius, spectral } = productNorms(terms, {});
  expect(Math.abs(frobenius / norm(values) - 1)).toBeLessThan(1e-12);
  expect(Math.abs(spectral / values[0]! - 1)).toBeLessThan(1e-12);
});

test("small products of large and small factors keep their digits, as rounding errors are", () => {
  const small = term(30, 4, 1e-8, 1);
  const turned = {
    up: randomMatrix(30, 5, 7),
    down: { ...randomMatrix(5, 20, 8), data: randomMatrix(5, 20, 8).data.map((v) => v * 1e-8) },
  };
  const values = singularValues(dense([small, turned]));
  const { frobenius, spectral } = productNorms([small, turned], {});
  expect(Math.abs(frobenius / norm(values) - 1)).toBeLessThan(1e-12);
  expect(Math.abs(spectral / values[0]! - 1)).toBeLessThan(1e-12);
});

test("nothing has norms of 0", () => {
  expect(productNorms([term(5, 0, 1, 1)], {})).toEqual({ frobenius: 0, spectral: 0 });
});
