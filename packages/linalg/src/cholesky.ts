import { LoraError } from "@lora/tensor";
import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { requireSquare } from "./require-square.ts";

/**
 * The lower triangular l with l·lᵀ = a, for a symmetric positive definite `a`, of which only the lower triangle
 * is read. n³/3 operations.
 *
 * @throws LoraError NUMERIC when `a` is not positive definite (naming the pivot) or an entry is not finite;
 *   SHAPE when it is not square
 */
export function cholesky(a: Matrix): Float64Matrix {
  refuseNonFinite(a, "a");
  requireSquare(a);
  const l = zeros(a.rows, a.cols);
  const failed = factor(a, l);
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
export function tryCholesky(a: Matrix): Float64Matrix | undefined {
  const l = zeros(a.rows, a.cols);
  return factor(a, l) === undefined ? l : undefined;
}

/** Row by row, every entry an inner product of two rows of l. What went wrong, if anything. */
function factor(a: Matrix, l: Float64Matrix): { index: number; pivot: number } | undefined {
  const n = a.rows;
  for (let i = 0; i < n; i++) {
    const row = l.data.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < i; j++) {
      const known = dotVectors(row.subarray(0, j), l.data.subarray(j * n, j * n + j));
      row[j] = (a.data[i * n + j] - known) / l.data[j * n + j];
    }
    const pivot = a.data[i * n + i] - dotVectors(row.subarray(0, i), row.subarray(0, i));
    if (!(pivot > 0)) return { index: i, pivot };
    row[i] = Math.sqrt(pivot);
  }
  return undefined;
}
