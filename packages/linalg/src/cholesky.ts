import { LoraError } from "@lora/tensor";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { rowsOf } from "./rows-of.ts";
import { requireSquare } from "./require-square.ts";

/**
 * The lower triangular l with l·lᵀ = a, for a symmetric positive definite `a`, of which only the lower triangle
 * is read. n³/3 operations.
 *
 * @throws LoraError NUMERIC when `a` is not positive definite (naming the pivot) or an entry is not finite;
 *   SHAPE when it is not square
 */
export function cholesky(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Float64Matrix {
  refuseNonFinite(a, "a");
  requireSquare(a);
  const l = zeros(a.rows, a.cols);
  const failed = factor(engine, a, l);
  if (failed === undefined) return l;
  throw new LoraError(
    "NUMERIC",
    `the matrix is not positive definite: pivot ${failed.index} is ${failed.pivot}`,
    {
      ...failed,
      advice: "add a small multiple of the identity, or use symmetricEigen",
    },
  );
}

/** As `cholesky`, for a matrix known to be finite: `undefined` when it is not positive definite. */
export function tryCholesky(engine: Engine, a: Matrix): Float64Matrix | undefined {
  const l = zeros(a.rows, a.cols);
  return factor(engine, a, l) === undefined ? l : undefined;
}

/** Row by row, every entry an inner product of two rows of l. What went wrong, if anything. */
function factor(engine: Engine, a: Matrix, l: Float64Matrix): { index: number; pivot: number } | undefined {
  const n = a.rows;
  const diagonal = new Float64Array(n);
  return engine.withRows(rowsOf(l), (rows) => {
    for (let i = 0; i < n; i++) {
      const row = rows.vector(i);
      for (let j = 0; j < i; j++) {
        row[j] = (a.data[i * n + j] - rows.dot(i, j, j)) / diagonal[j];
      }
      const pivot = a.data[i * n + i] - rows.dot(i, i, i);
      if (!(pivot > 0)) return { index: i, pivot };
      row[i] = diagonal[i] = Math.sqrt(pivot);
    }
    return undefined;
  });
}
