import { transpose } from "./arrange.ts";
import { completeBasis } from "./complete-basis.ts";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix, Svd } from "./matrix.ts";
import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";
import { headStart } from "./head-start.ts";
import { rowsOf } from "./rows-of.ts";
import { orthogonalise } from "./orthogonalise.ts";
import { precondition } from "./precondition.ts";
import { applyBlocks } from "./reflector-blocks.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";

/** Relative to the largest entry; squares of what is smaller lose digits, so that it counts as zero. */
const LEAST = 2 ** -480;

/**
 * Thin singular value decomposition of any shape, k = min(m, n): QR with sorted rows and pivoted columns, then
 * one-sided Jacobi on the triangle. Small singular values keep their leading digits wherever scaling rows
 * and columns could make the matrix well conditioned, down to 10⁻¹⁴⁴·σ₁; what is below is zero. The columns
 * of u and v that belong to zeros complete an orthonormal basis. Signs are arbitrary.
 *
 * O(m·n²) operations for a tall matrix, a wide one is transposed; the constant grows with the number of
 * sweeps, four to ten.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 * @see Drmač & Veselić, "New fast and accurate Jacobi SVD algorithm" (2008); oracles of the test: LAPACK, mpmath
 */
export function svd(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Svd {
  refuseNonFinite(a, "a");
  if (a.rows >= a.cols) return svdOfTall(engine, a);
  const { u, s, v } = svdOfTall(engine, transpose(a));
  return { u: v, s, v: u };
}

/**
 * The singular values alone, descending: as `svd`, at about half the work.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 */
export function singularValues(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Float64Array {
  refuseNonFinite(a, "a");
  const tall = a.rows >= a.cols ? a : transpose(a);
  const factors = precondition(engine, tall);
  const vectors = paddedRows(headStart(engine, factors.r).turned, tall.cols);
  orthogonalise(engine, vectors, tall.cols);
  const values = Float64Array.from(vectors, (vector) => norm(vector))
    .sort()
    .reverse();
  return values.map((value) => (value < LEAST ? 0 : value / factors.scale));
}

/** a·P = Q·r and rᵀ·J = W·diag(s), where Jacobi finds J; so that a = (Q·J)·diag(s)·(P·W)ᵀ. */
function svdOfTall(engine: Engine, a: Matrix): Svd {
  const n = a.cols;
  const { reflectors, r, order, rowOrder, scale: factor } = precondition(engine, a);
  const { turned: rows, turn } = headStart(engine, r);
  const vectors = paddedRows(rows, 2 * n);
  vectors.forEach((vector, i) => vector.set(turn.data.subarray(i * n, (i + 1) * n), n)); // collects J
  orthogonalise(engine, vectors, n);
  const s = new Float64Array(n);
  const [left, right]: [Float64Array[], Float64Array[]] = [[], []];
  for (const { vector, length } of byLength(vectors, n)) {
    s[left.length] = length / factor;
    left.push(vector.subarray(n));
    right.push(vector.subarray(0, n));
    if (length > 0) scale(1 / length, vector.subarray(0, n));
  }
  const zeroFrom = s.indexOf(0);
  if (zeroFrom >= 0) completeBasis(right, zeroFrom);
  const turned = zeros(n, a.rows);
  left.forEach((vector, i) => turned.data.set(vector, i * a.rows));
  applyBlocks(engine, reflectors, turned);
  return { u: columnsInOrder(rowsOf(turned), rowOrder), s, v: columnsInOrder(right, order) };
}

/** The rows of a square or wide matrix, each followed by zeros up to `length`. */
function paddedRows(a: Float64Matrix, length: number): Float64Array[] {
  return Array.from({ length: a.rows }, (_, i) => {
    const row = new Float64Array(length);
    row.set(a.data.subarray(i * a.cols, (i + 1) * a.cols));
    return row;
  });
}

/** Longest first, by the first n components. */
function byLength(vectors: readonly Float64Array[], n: number): { vector: Float64Array; length: number }[] {
  return vectors
    .map((vector) => ({ vector, length: norm(vector.subarray(0, n)) }))
    .map(({ vector, length }) => ({ vector, length: length < LEAST ? 0 : length }))
    .sort((x, y) => y.length - x.length);
}

/** The matrix with these columns, component i of each going to row `order[i]`. */
function columnsInOrder(vectors: readonly Float64Array[], order: readonly number[]): Float64Matrix {
  const result = zeros(order.length, vectors.length);
  vectors.forEach((vector, j) => {
    for (let i = 0; i < order.length; i++) result.data[order[i] * vectors.length + j] = vector[i];
  });
  return result;
}
