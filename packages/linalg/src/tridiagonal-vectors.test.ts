import { expect, test } from "vitest";
import { expectOrthonormal } from "./checks.test-helper.ts";
import { maxAbs } from "./norms.ts";
import { referenceEngine } from "./reference-engine.ts";
import { seededRandom } from "./seeded-random.ts";
import { tridiagonalValues } from "./tridiagonal-values.ts";
import { tridiagonalVectors } from "./tridiagonal-vectors.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

const SIZE = 90;

function random(coupling: number): Tridiagonal {
  const normal = seededRandom(3);
  return {
    diagonal: Float64Array.from({ length: SIZE }, () => normal.uniform()),
    off: Float64Array.from({ length: SIZE - 1 }, () => coupling * (1 + normal.uniform())),
  };
}

/** The largest entry of T·z − value·z, for one of the vectors. */
function residual({ diagonal, off }: Tridiagonal, z: Float64Array, value: number): number {
  const parts = z.map((component, i) => {
    const above = i > 0 ? off[i - 1] * z[i - 1] : 0;
    const below = i < off.length ? off[i] * z[i + 1] : 0;
    return above + (diagonal[i] - value) * component + below;
  });
  return maxAbs({ rows: 1, cols: parts.length, data: parts });
}

test.each([
  ["apart", 1],
  ["many of them close", 1e-2],
  ["close pairs of nearly separate blocks", 1e-5],
])("vectors are orthonormal and belong to their values: %s", (_, coupling) => {
  const form = random(coupling);
  const values = tridiagonalValues(form).sort().reverse();
  const vectors = tridiagonalVectors(referenceEngine, form, values)!;
  expectOrthonormal({ ...vectors, data: vectors.data }); // square, so that rows are as good as columns
  const size = Math.abs(values[0]) + Math.abs(values[SIZE - 1]);
  values.forEach((value, i) => {
    const z = vectors.data.subarray(i * SIZE, (i + 1) * SIZE);
    expect(residual(form, z, value)).toBeLessThanOrEqual(100 * SIZE * Number.EPSILON * size);
  });
});

test("vectors of some values alone", () => {
  const form = random(0.1);
  const values = tridiagonalValues(form).sort().reverse();
  const some = values.filter((_, i) => i % 20 < 2);
  const vectors = tridiagonalVectors(referenceEngine, form, some)!;
  expect([vectors.rows, vectors.cols]).toEqual([some.length, SIZE]);
  some.forEach((value, i) => {
    const z = vectors.data.subarray(i * SIZE, (i + 1) * SIZE);
    expect(residual(form, z, value)).toBeLessThanOrEqual(100 * SIZE * Number.EPSILON);
  });
});

test("values that are equal have no vectors of their own", () => {
  const form = { diagonal: new Float64Array(4).fill(1), off: Float64Array.of(1e-30, 0, 1e-30) };
  expect(tridiagonalVectors(referenceEngine, form, new Float64Array(4).fill(1))).toBeUndefined();
});
