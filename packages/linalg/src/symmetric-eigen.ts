import { transpose } from "./arrange.ts";
import { identity, zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { applyReflected } from "./reflector-blocks.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { requireSquare } from "./require-square.ts";
import { rowsOf } from "./rows-of.ts";
import { tridiagonalEigen } from "./tridiagonal-eigen.ts";
import { tridiagonalVectors } from "./tridiagonal-vectors.ts";
import { tridiagonalValues } from "./tridiagonal-values.ts";
import type { Tridiagonal, TridiagonalForm } from "./tridiagonalise.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** Below this size rotating costs less. */
const LEAST_SIZE = 20;

/** a = vectors · diag(values) · vectorsᵀ */
export interface SymmetricEigen {
  /** Descending. */
  readonly values: Float64Array;
  /** n × n, orthonormal columns in the order of the values. */
  readonly vectors: Float64Matrix;
}

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which only the lower triangle is read (as
 * numpy.linalg.eigh does). Values are exact to c·n·2⁻⁵²·‖a‖₂. About 4·n³ operations, 6·n³ where values lie in clusters.
 *
 * @throws LoraError NUMERIC when an entry is not finite; SHAPE when the matrix is not square
 */
export function symmetricEigen(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): SymmetricEigen {
  refuseNonFinite(a, "a");
  requireSquare(a);
  const form = tridiagonalise(engine, transpose(a)); // whose upper triangle is the lower one of a
  if (a.rows < LEAST_SIZE) {
    const { values, rows } = byRotating(engine, form);
    return { values, vectors: transpose(rows) };
  }
  const values = valuesOf(form);
  return { values, vectors: transpose(eigenvectorRows(engine, form, values)) };
}

/** Eigenvalues of a tridiagonal form, descending. */
export function valuesOf(form: Tridiagonal): Float64Array {
  return tridiagonalValues(form).sort().reverse();
}

/** The eigenvectors of the matrix that has this form, one a row, in the order of its values: those from number `first` on. */
export function eigenvectorRows(
  engine: Engine,
  form: TridiagonalForm,
  values: Float64Array,
  first = 0,
): Float64Matrix {
  const rows = tridiagonalVectors(engine, form, values.subarray(first));
  if (rows !== undefined) {
    applyReflected(engine, form.reflected, rows);
    return rows;
  }
  const all = byRotating(engine, form).rows;
  return { rows: all.rows - first, cols: all.cols, data: all.data.subarray(first * all.cols) };
}

/** By QL steps whose rotations become the vectors: whatever the values are. */
function byRotating(engine: Engine, form: TridiagonalForm): { values: Float64Array; rows: Float64Matrix } {
  const turned = identity(form.diagonal.length);
  const vectors = rowsOf(turned);
  const values = tridiagonalEigen(form, vectors, engine);
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
  const rows = zeros(turned.rows, turned.cols);
  order.forEach((index, i) => rows.data.set(vectors[index], i * rows.cols));
  applyReflected(engine, form.reflected, rows);
  return { values: Float64Array.from(order, (index) => values[index]), rows };
}
