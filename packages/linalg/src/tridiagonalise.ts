import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector } from "./householder.ts";
import type { Matrix } from "./matrix.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { gemv } from "./ops/gemv.ts";
import { block, strided } from "./ops/strided.ts";
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
  for (let k = 0; k < n - 1; k++) {
    const reflector = work.data.subarray(k * n + k + 1, (k + 1) * n);
    tau[k] = makeReflector(reflector);
    off[k] = reflector[0];
    if (tau[k] !== 0) reflectBothSides(work, k + 1, reflector, tau[k]);
  }
  return {
    diagonal: Float64Array.from({ length: n }, (_, i) => work.data[i * n + i]),
    off,
    reflectors: gatherBlocks(engine, { work, tau, lead: 1 }),
  };
}

/** B ← H·B·H = B − v·wᵀ − w·vᵀ for the block from row and column `from` on. */
function reflectBothSides(work: Float64Matrix, from: number, reflector: Float64Array, tau: number): void {
  const n = work.cols;
  const v = reflector.slice();
  v[0] = 1;
  const w = new Float64Array(v.length);
  const column = (data: Float64Array) => strided({ rows: data.length, cols: 1, data });
  gemv(tau, block(strided(work), [from, n], [from, n]), column(v), column(w));
  axpy((-tau / 2) * dotVectors(v, w), v, w);
  for (let i = 0; i < v.length; i++) {
    const row = work.data.subarray((from + i) * n + from, (from + i + 1) * n);
    axpy(-v[i], w, row);
    axpy(-w[i], v, row);
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
