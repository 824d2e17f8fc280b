import { describe, expect, test } from "vitest";
import { minus } from "../checks.test-helper.ts";
import { cholesky } from "../cholesky.ts";
import { multiply } from "../multiply.ts";
import { maxAbs } from "../norms.ts";
import { randomMatrix } from "../random-matrix.ts";
import { referenceEngine } from "../reference-engine.ts";
import { axpy } from "./axpy.ts";
import { dotVectors } from "./dot-vectors.ts";
import { gemm } from "./gemm.ts";
import { gram } from "./gram.ts";
import { rotate } from "./rotate.ts";
import { scale } from "./scale.ts";
import { solveTriangular } from "./solve-triangular.ts";
import { block, strided } from "./strided.ts";

test("gemm adds to a block and leaves what is around it", () => {
  const c = randomMatrix(4, 5, 1);
  const before = c.data.slice();
  const two = strided({ rows: 1, cols: 1, data: Float64Array.of(2) });
  gemm(3, two, two, block(strided(c), [1, 2], [2, 3]));
  before[1 * 5 + 2] += 12;
  expect(c.data).toEqual(before);
});

test.each([0, 1, 3, 4, 7])("the vector operations on %i values", (count) => {
  const [x, y] = [Float64Array.from({ length: count }, (_, i) => i + 1), new Float64Array(count).fill(2)];
  expect(dotVectors(x, y)).toBe(count * (count + 1));
  axpy(3, x, y);
  expect([...y]).toEqual(Array.from(x, (value) => 2 + 3 * value));
  scale(2, x);
  rotate(x, y, 0, 1); // a quarter turn: x ← −y, y ← x
  expect([...x]).toEqual(Array.from({ length: count }, (_, i) => -5 - 3 * i));
  expect([...y]).toEqual(Array.from({ length: count }, (_, i) => 2 * (i + 1)));
});

describe.each([
  [1, 1],
  [5, 3],
  [300, 7],
  [70, 37],
])("%i × %i", (m, n) => {
  const x = randomMatrix(m, n, 2);

  test("the Gram matrix is the product with the transpose, and symmetric to the bit", () => {
    const g = gram(strided(x));
    const bound = (m + 2) * Number.EPSILON * m * maxAbs(x) ** 2;
    expect(maxAbs(minus(g, multiply(x, x, { transA: true })))).toBeLessThanOrEqual(bound);
    for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) expect(g.data[i * n + j]).toBe(g.data[j * n + i]);
  });

  test("solving with a triangle undoes multiplying with it", () => {
    const spread = randomMatrix(n, n, 3);
    const l = cholesky(gramPlusIdentity(spread));
    const solved = multiply(x, l, { transB: true });
    solveTriangular(referenceEngine, solved, l);
    // The triangle's condition is below n·(1 + 4n); Higham, theorem 8.5.
    const bound = n * (1 + 4 * n) * n * Number.EPSILON * maxAbs(x);
    expect(maxAbs(minus(solved, x))).toBeLessThanOrEqual(bound);
  });
});

/** aᵀa + I, whose eigenvalues are 1 and more. */
function gramPlusIdentity(a: ReturnType<typeof randomMatrix>): ReturnType<typeof randomMatrix> {
  const g = gram(strided(a));
  for (let i = 0; i < g.rows; i++) g.data[i * g.cols + i] += 1;
  return g;
}
