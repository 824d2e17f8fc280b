import { expect, test } from "vitest";
import { expectWithin } from "./checks.test-helper.ts";
import { orthogonalise } from "./orthogonalise.ts";
import { referenceEngine } from "./reference-engine.ts";

test("hand-worked: (1, 1) and (1, 0) become orthogonal, and what they carry tells the rotation", () => {
  const vectors = [Float64Array.of(1, 0, 1, 0), Float64Array.of(1, 1, 0, 1)]; // two components count
  orthogonalise(referenceEngine, vectors, 2);
  const [[x0, x1, c, s], [y0, y1]] = vectors;
  expectWithin([x0 * y0 + x1 * y1], [0], 4 * Number.EPSILON);
  expectWithin(
    [Math.hypot(x0, x1), Math.hypot(y0, y1)],
    [(1 + Math.sqrt(5)) / 2, (Math.sqrt(5) - 1) / 2],
    4 * Number.EPSILON,
  );
  expectWithin([c + s, s], [x0, x1], 4 * Number.EPSILON); // c·(1, 0) + s·(1, 1)
});

test("vectors that have no direction are no endless loop", () => {
  const vectors = [Float64Array.of(Number.NaN), Float64Array.of(1)];
  expect(() => orthogonalise(referenceEngine, vectors, 1)).toThrow(
    "the Jacobi method did not converge in 60 sweeps",
  );
});
