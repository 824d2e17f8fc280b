import { transpose } from "./arrange.ts";
import { identity } from "./create.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { multiply } from "./multiply.ts";
import { strided, transposed } from "./ops/strided.ts";
import { eigenOfFinite } from "./symmetric-eigen.ts";

/** Below this size the sweeps are faster alone. */
const LEAST_SIZE = 48;

/** The least diagonal entry beside the largest, of a pivoted triangle: the smallest values then keep ten digits. */
const LEAST_RATIO = 1e-4;

/** turn · r, whose rows are nearly orthogonal already. */
export interface HeadStart {
  readonly turned: Float64Matrix;
  /** Orthogonal. */
  readonly turn: Float64Matrix;
}

/**
 * Turns the rows of a triangle into the eigenvectors of r·rᵀ, after which the Jacobi method has two or three sweeps to
 * do instead of ten. Forming r·rᵀ and multiplying with r costs relative digits of small singular values in
 * proportion to the condition of r; where that is high, r is left as it is.
 *
 * @see Drmač & Veselić (2008) §4 for why a rotation before the first sweep is harmless: only its orthogonality counts
 */
export function headStart(engine: Engine, r: Float64Matrix): HeadStart {
  const n = r.rows;
  const ratio = Math.abs(r.data[n * n - 1] / r.data[0]);
  if (n < LEAST_SIZE || !(ratio > LEAST_RATIO)) return { turned: r, turn: identity(n) };
  const { vectors } = eigenOfFinite(engine, engine.gram(transposed(strided(r))));
  return { turned: multiply(vectors, r, { transA: true, engine }), turn: transpose(vectors) };
}
