import { identity } from "./create.ts";
import { columns, transpose } from "./arrange.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { applyBlocks } from "./reflector-blocks.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { requireSquare } from "./require-square.ts";
import { tridiagonalEigen } from "./tridiagonal-eigen.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** a = vectors · diag(values) · vectorsᵀ */
export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** n × n, orthonormal columns in the order of the values. */
  readonly vectors: Float64Matrix;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which only the lower triangle is read (as
 * numpy.linalg.eigh does). Values are exact to c·n·2⁻⁵²·‖a‖₂. About 9·n³ operations.
 *
 * @throws LoraError NUMERIC when an entry is not finite; SHAPE when the matrix is not square
 */
export function symmetricEigen(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): SymmetricEigen {
  refuseNonFinite(a, "a");
  requireSquare(a);
  return eigenOfFinite(engine, a);
}

/** As `symmetricEigen`, for a square matrix known to be finite. */
export function eigenOfFinite(engine: Engine, a: Matrix): SymmetricEigen {
  const form = tridiagonalise(engine, a);
  const turned = identity(a.rows);
  const rows = Array.from({ length: a.rows }, (_, i) => turned.data.subarray(i * a.rows, (i + 1) * a.rows));
  const values = tridiagonalEigen(form, rows, engine);
  applyBlocks(engine, form.reflectors, turned);
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
  return {
    values: Float64Array.from(order, (index) => values[index]),
    vectors: columns(transpose(turned), order),
  };
}
