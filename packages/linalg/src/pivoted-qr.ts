import { transpose } from "./arrange.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector, reflect } from "./householder.ts";
import { norm } from "./ops/norm.ts";
import type { ReflectorBlock } from "./reflector-blocks.ts";
import { gatherBlocks } from "./reflector-blocks.ts";
import { upperTriangle } from "./upper-triangle.ts";

/** a with its columns in the order `order` = Q · r, Q the product of `reflectors`. */
export interface PivotedQr {
  readonly reflectors: readonly ReflectorBlock[];
  /** n × n, upper triangular */
  readonly r: Float64Matrix;
  readonly order: readonly number[];
}

/** Norms of what is left of each column, kept up to date instead of recalculated. */
interface Norms {
  readonly left: Float64Array;
  /** The norm when it was last calculated afresh. */
  readonly fresh: Float64Array;
}

/**
 * QR with column pivoting of a matrix with rows ≥ columns: |r₀₀| ≥ |r₁₁| ≥ …, and each diagonal entry dominates
 * what is right of it. 2·m·n² operations, level 2.
 *
 * Source: Businger & Golub (1965); norms as in Drmač & Bujanović, "On the failure of rank-revealing QR
 * factorization software" (2008).
 */
export function pivotedQr(engine: Engine, a: Float64Matrix): PivotedQr {
  const [m, n] = [a.rows, a.cols];
  const work = transpose(a);
  const order = Array.from({ length: n }, (_, j) => j);
  const tau = new Float64Array(n);
  const norms = columnNorms(work);
  for (let j = 0; j < n; j++) {
    swapColumns({ work, order, norms }, j, largestFrom(norms.left, j));
    const reflector = work.data.subarray(j * m + j, (j + 1) * m);
    tau[j] = makeReflector(reflector);
    for (let other = j + 1; other < n; other++) {
      const column = work.data.subarray(other * m + j, (other + 1) * m);
      reflect(reflector, tau[j], column);
      downdate(norms, other, column);
    }
  }
  return { reflectors: gatherBlocks(engine, { work, tau }), r: upperTriangle(work, n), order };
}

function columnNorms(work: Float64Matrix): Norms {
  const left = new Float64Array(work.rows);
  for (let j = 0; j < work.rows; j++) left[j] = norm(work.data.subarray(j * work.cols, (j + 1) * work.cols));
  return { left, fresh: left.slice() };
}

function largestFrom(values: Float64Array, from: number): number {
  let best = from;
  for (let j = from + 1; j < values.length; j++) if (values[j] > values[best]) best = j;
  return best;
}

/** Takes the first component off a column's norm; calculates it afresh where too few digits are left. */
function downdate(norms: Norms, j: number, column: Float64Array): void {
  if (norms.left[j] === 0) return;
  const ratio = Math.abs(column[0]) / norms.left[j];
  const kept = Math.max(0, (1 - ratio) * (1 + ratio));
  const share = norms.left[j] / norms.fresh[j];
  if (kept * share * share > Math.sqrt(Number.EPSILON)) {
    norms.left[j] *= Math.sqrt(kept);
  } else {
    norms.left[j] = norm(column.subarray(1));
    norms.fresh[j] = norms.left[j];
  }
}

interface Pivoting {
  readonly work: Float64Matrix;
  readonly order: number[];
  readonly norms: Norms;
}

function swapColumns({ work, order, norms }: Pivoting, i: number, j: number): void {
  if (i === j) return;
  const m = work.cols;
  const kept = work.data.slice(i * m, (i + 1) * m);
  work.data.copyWithin(i * m, j * m, (j + 1) * m);
  work.data.set(kept, j * m);
  for (const list of [order, norms.left, norms.fresh]) [list[i], list[j]] = [list[j], list[i]];
}
