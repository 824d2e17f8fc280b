import { transpose } from "./arrange.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import { strided, transposed } from "./ops/strided.ts";
import { eigenOfForm, valuesOf } from "./symmetric-eigen.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** Below this size the sweeps are faster alone. */
const LEAST_SIZE = 20;

/** The least singular value beside the largest: the smallest values then keep ten digits. */
const LEAST_RATIO = 1e-4;

/** turn · x, whose rows are nearly orthogonal already. */
export interface HeadStart {
  readonly turned: Float64Matrix;
  /** Orthogonal. */
  readonly turn: Float64Matrix;
}

/**
 * Turns the rows of x into the eigenvectors of x·xᵀ, after which the Jacobi method has one or two sweeps to do instead
 * of ten. Forming x·xᵀ and multiplying with x costs relative digits of small singular values in proportion to the
 * condition of x; `undefined` where that is above 10⁴, which shows before the vectors are looked for.
 *
 * @see Drmač & Veselić (2008) §4 for why a rotation before the first sweep is harmless: only its orthogonality counts
 */
export function headStart(engine: Engine, x: Float64Matrix): HeadStart | undefined {
  const n = x.rows;
  if (n < LEAST_SIZE) return undefined;
  const form = tridiagonalise(engine, engine.gram(transposed(strided(x))));
  const values = valuesOf(form);
  if (!(values[n - 1] > LEAST_RATIO * LEAST_RATIO * values[0])) return undefined;
  const { vectors } = eigenOfForm(engine, form, values);
  return { turned: multiply(vectors, x, { transA: true, engine }), turn: transpose(vectors) };
}
