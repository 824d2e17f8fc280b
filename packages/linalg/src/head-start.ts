import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import { strided, transposed } from "./ops/strided.ts";
import { eigenvectorRows, valuesOf } from "./symmetric-eigen.ts";
import type { TridiagonalForm } from "./tridiagonalise.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** Below this size the sweeps are faster alone. */
const LEAST_SIZE = 20;

/** The least singular value beside the largest: the smallest values then keep nine digits. */
const LEAST_RATIO = 1e-5;

/** turn · x, whose rows are nearly orthogonal already. */
export interface HeadStart {
  readonly turned: Float64Matrix;
  /** Orthonormal rows. */
  readonly turn: Float64Matrix;
  /** σ₁ of x. */
  readonly size: number;
}

/** The spectrum of x·xᵀ, and what its vectors are made of. */
export interface RowSpectrum {
  readonly form: TridiagonalForm;
  /** Descending. */
  readonly values: Float64Array;
}

/** Of x where it is well conditioned and not small; `undefined` elsewhere. */
export function rowSpectrum(engine: Engine, x: Float64Matrix): RowSpectrum | undefined {
  if (x.rows < LEAST_SIZE) return undefined;
  const form = tridiagonalise(engine, engine.gram(transposed(strided(x))));
  const values = valuesOf(form);
  const least = LEAST_RATIO * LEAST_RATIO * values[0];
  return values[values.length - 1] > least ? { form, values } : undefined;
}

/**
 * Turns the rows of x into the eigenvectors of x·xᵀ, after which the Jacobi method has few pairs to rotate. Forming x·xᵀ
 * and multiplying with x costs relative digits of small singular values in proportion to the condition of x, of which
 * `rowSpectrum` lets pass what is below 10⁵.
 *
 * @param first of the vectors that are wanted, in the order of the values
 * @see Drmač & Veselić (2008) §4 for why a rotation before the first sweep is harmless: only its orthogonality counts
 */
export function headStart(
  engine: Engine,
  x: Float64Matrix,
  { form, values }: RowSpectrum,
  first = 0,
): HeadStart {
  const turn = eigenvectorRows(engine, form, values, first);
  return { turned: multiply(turn, x, { engine }), turn, size: Math.sqrt(values[0]) };
}
