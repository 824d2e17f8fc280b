import { zeros } from "./create.ts";
import type { Engine, Rows } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector } from "./householder.ts";
import type { Matrix } from "./matrix.ts";
import { rowsOf } from "./rows-of.ts";
import type { ReflectorBlock } from "./reflector-blocks.ts";
import { gatherBlocks } from "./reflector-blocks.ts";

/** A symmetric tridiagonal matrix. */
export interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** One shorter: entry i couples i and i + 1. */
  readonly off: Float64Array;
}

/** a = Q·T·Qᵀ, Q the product of the reflectors. */
export interface TridiagonalForm extends Tridiagonal {
  readonly reflectors: readonly ReflectorBlock[];
}

/**
 * Householder tridiagonalisation of a symmetric matrix, of which the lower triangle is read. 4·n³/3 operations.
 *
 * @see Golub & Van Loan, Matrix Computations §8.3.1
 */
export function tridiagonalise(engine: Engine, a: Matrix): TridiagonalForm {
  const n = a.rows;
  const work = mirrorLower(a);
  const tau = new Float64Array(Math.max(0, n - 1));
  const off = new Float64Array(tau.length);
  const helpers = [new Float64Array(n), new Float64Array(n)]; // v and w
  engine.withRows([...rowsOf(work), ...helpers], (rows) => {
    for (let k = 0; k < n - 1; k++) {
      const reflector = rows.vector(k).subarray(k + 1);
      tau[k] = makeReflector(reflector);
      off[k] = reflector[0];
      if (tau[k] === 0) continue;
      rows.vector(n).set(reflector, k + 1);
      rows.vector(n)[k + 1] = 1;
      reflectBothSides(rows, k + 1, tau[k]);
    }
  });
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => work.data[i * n + i]),
    off,
    reflectors: gatherBlocks(engine, { work, tau, lead: 1 }),
  };
}

/** B ← H·B·H = B − v·wᵀ − w·vᵀ for the block from row and column `from` on; v and w are the last two rows. */
function reflectBothSides(rows: Rows, from: number, tau: number): void {
  const n = rows.count - 2;
  const [vRow, wRow] = [n, n + 1];
  const [v, w] = [rows.vector(vRow), rows.vector(wRow)];
  for (let i = from; i < n; i++) w[i] = tau * rows.dot(i, vRow, n, from);
  rows.axpy((-tau / 2) * rows.dot(vRow, wRow, n, from), vRow, wRow, from);
  for (let i = from; i < n; i++) {
    rows.axpy(-v[i], wRow, i, from);
    rows.axpy(-w[i], vRow, i, from);
  }
}

function mirrorLower(a: Matrix): Float64Matrix {
  const n = a.rows;
  const full = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) full.data[i * n + j] = full.data[j * n + i] = a.data[i * n + j];
  }
  return full;
}
