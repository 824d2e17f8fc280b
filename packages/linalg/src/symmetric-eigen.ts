import { transpose } from "./arrange.ts";
import { identity, zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
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
 * numpy.linalg.eigh does). Values are exact to c·n·2⁻⁵²·‖a‖₂. About 7·n³ operations, 9·n³ where values lie in clusters.
 *
 * @throws LoraError NUMERIC when an entry is not finite; SHAPE when the matrix is not square
 */
export function symmetricEigen(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): SymmetricEigen {
  refuseNonFinite(a, "a");
  requireSquare(a);
  const form = tridiagonalise(engine, a);
  return a.rows < LEAST_SIZE ? byRotating(engine, form) : eigenOfForm(engine, form, valuesOf(form));
}

/** Eigenvalues of a tridiagonal form, descending. */
export function valuesOf(form: Tridiagonal): Float64Array {
  return tridiagonalValues(form).sort().reverse();
}

/** Eigenvectors of the matrix that has this form, where its values are known. */
export function eigenOfForm(engine: Engine, form: TridiagonalForm, values: Float64Array): SymmetricEigen {
  return bySolving(engine, form, values) ?? byRotating(engine, form);
}

/** Each vector for itself; `undefined` where close values leave them nearly dependent. */
function bySolving(engine: Engine, form: TridiagonalForm, values: Float64Array): SymmetricEigen | undefined {
  const rows = tridiagonalVectors(engine, form, values);
  if (rows === undefined) return undefined;
  engine.reflect(form.reflectors, rows);
  return { values, vectors: transpose(rows) };
}

/** By QL steps whose rotations become the vectors: whatever the values are. */
function byRotating(engine: Engine, form: TridiagonalForm): SymmetricEigen {
  const rows = rowsOf(identity(form.diagonal.length));
  const values = tridiagonalEigen(form, rows, engine);
  const order = Array.from(values.keys()).sort((i, j) => values[j] - values[i]);
  const sorted = order.map((index) => rows[index]);
  return {
    values: Float64Array.from(order, (index) => values[index]),
    vectors: transpose(turnedBack(engine, form, sorted)),
  };
}

/** The eigenvectors of the matrix, one a row, from those of its tridiagonal form. */
function turnedBack(engine: Engine, form: TridiagonalForm, rows: readonly Float64Array[]): Float64Matrix {
  const turned = zeros(rows.length, rows.length);
  rows.forEach((row, i) => turned.data.set(row, i * rows.length));
  engine.reflect(form.reflectors, turned);
  return turned;
}
