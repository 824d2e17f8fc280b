import { transpose } from "./arrange.ts";
import type { Engine, Rows } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector } from "./householder.ts";
import { norm } from "./ops/norm.ts";
import { rowsOf } from "./rows-of.ts";
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
  const work = transpose(a);
  const state: Pivoting = {
    order: Array.from({ length: a.cols }, (_, j) => j),
    tau: new Float64Array(a.cols),
    norms: columnNorms(work),
  };
  engine.withRows(rowsOf(work), (columns) => {
    for (let j = 0; j < a.cols; j++) eliminate(columns, state, j);
  });
  const reflectors = gatherBlocks(engine, { work, tau: state.tau });
  return { reflectors, r: upperTriangle(work, a.cols), order: state.order };
}

interface Pivoting {
  readonly order: number[];
  readonly tau: Float64Array;
  readonly norms: Norms;
}

/** Brings the longest of the columns from j on to j, and reflects it and those after it. */
function eliminate(columns: Rows, { order, tau, norms }: Pivoting, j: number): void {
  const longest = largestFrom(norms.left, j);
  if (longest !== j) {
    columns.swap(j, longest);
    for (const list of [order, norms.left, norms.fresh]) [list[j], list[longest]] = [list[longest], list[j]];
  }
  tau[j] = makeReflector(columns.vector(j).subarray(j));
  const reflector = { tau: tau[j], from: j };
  for (let other = j + 1; other < columns.count; other++) {
    const first = columns.reflect(j, other, reflector);
    downdate(norms, other, first, () => columns.vector(other).subarray(j + 1));
  }
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

/** Takes the first component off a column's norm; calculates that of the rest where too few digits are left. */
function downdate(norms: Norms, j: number, first: number, rest: () => Float64Array): void {
  if (norms.left[j] === 0) return;
  const ratio = Math.abs(first) / norms.left[j];
  const kept = Math.max(0, (1 - ratio) * (1 + ratio));
  const share = norms.left[j] / norms.fresh[j];
  if (kept * share * share > Math.sqrt(Number.EPSILON)) {
    norms.left[j] *= Math.sqrt(kept);
  } else {
    norms.left[j] = norm(rest());
    norms.fresh[j] = norms.left[j];
  }
}
