import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector } from "./householder.ts";
import { rowsOf } from "./rows-of.ts";
import type { Reflected } from "./reflector-blocks.ts";

/** A symmetric tridiagonal matrix. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** One shorter: entry i couples i and i + 1. */
  readonly off: Float64Array;
}

/** a = Q·T·Qᵀ, Q the product of what it was reflected by. */
export interface TridiagonalForm extends Tridiagonal {
  readonly reflected: Reflected;
}

/**
 * Householder tridiagonalisation of a symmetric matrix, of which the upper triangle is read. 4·n³/3 operations.
 *
 * @param work is overwritten, and kept by what is returned
 *
 * @see Golub & Van Loan, Matrix Computations §8.3.1
 */
export function tridiagonalise(engine: Engine, work: Float64Matrix): TridiagonalForm {
  const n = work.rows;
  const tau = new Float64Array(Math.max(0, n - 1));
  const off = new Float64Array(tau.length);
  // v and w of a step, and those of the step before, which its pass over the matrix takes off.
  const helpers = Array.from({ length: 4 }, () => new Float64Array(n));
  engine.withRows([...rowsOf(work), ...helpers], (rows) => {
    const vectors = helpers.map((_, i) => rows.vector(n + i));
    for (let k = 0; k < n - 1; k++) {
      const [v, x] = k % 2 === 0 ? [n, n + 2] : [n + 2, n];
      const reflector = rows.vector(k).subarray(k + 1);
      tau[k] = makeReflector(reflector);
      off[k] = reflector[0];
      vectors[v - n].set(reflector, k + 1);
      vectors[v - n][k + 1] = 1;
      rows.reflectSymmetric({ from: k + 1, end: n, x, y: x + 1, v, w: v + 1 }, tau[k]);
    }
  });
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => work.data[i * n + i]),
    off,
    reflected: { work, tau, lead: 1 },
  };
}
