import { transpose } from "./arrange.ts";
import { completeBasis } from "./complete-basis.ts";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { jacobiStart, valuesStart } from "./jacobi-start.ts";
import type { Matrix, Svd } from "./matrix.ts";
import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";
import { strided } from "./ops/strided.ts";
import type { Orthogonal } from "./orthogonal-rows.ts";
import { orthogonalRows, orthogonalRowsAlone } from "./orthogonal-rows.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { rowsOf } from "./rows-of.ts";
import type { TallFrame } from "./tall-frame.ts";
import { onBase, tallFrame } from "./tall-frame.ts";

/** How many times longer than wide a matrix is for it to pay to look at a triangle instead. */
const TALL = 2;

/** Relative to the largest entry; squares of what is smaller lose digits, so that it counts as zero. */
const LEAST = 2 ** -480;

/**
 * Thin singular value decomposition of any shape, k = min(m, n): one-sided Jacobi on what
 * `jacobiStart` makes ready, columns or a triangle. Small singular values keep their leading digits wherever scaling rows
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
 * The singular values alone, descending, as good as those of `svd`: without the vectors of either side but for those of
 * values below σ₁/32, at a quarter of the work where these are few.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 */
export function singularValues(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Float64Array {
  refuseNonFinite(a, "a");
  const tall = a.rows >= a.cols ? a : transpose(a);
  const { values, start } = valuesStart(engine, wellConditioned(engine, tall)?.triangle ?? tall);
  if (start === undefined) return values;
  const all = new Float64Array(values.length + start.rows.rows);
  all.set(values);
  orthogonalRowsAlone(engine, start).forEach((vector, i) => {
    const length = norm(vector);
    all[values.length + i] = length < LEAST ? 0 : length / start.scale;
  });
  return all.sort().reverse();
}

/**
 * For a triangle, a·P = Q·r and rᵀ·J = W·diag(s), where Jacobi finds J; so that a = (Q·J)·diag(s)·(P·W)ᵀ. For columns
 * a·J = W·diag(s), so that a = W·diag(s)·Jᵀ.
 */
function svdOfTall(engine: Engine, a: Matrix): Svd {
  const frame = wellConditioned(engine, a);
  if (frame !== undefined) {
    const { u, s, v } = svdOfTall(engine, frame.triangle);
    return { u: onBase(engine, frame, u), s, v };
  }
  const start = jacobiStart(engine, a);
  const sorted = longestFirst(orthogonalRows(engine, start));
  const s = Float64Array.from(sorted, ({ length }) => length / start.scale);
  for (const { vector, length } of sorted) if (length > 0) scale(1 / length, vector);
  const [long, turns] = [sorted.map(({ vector }) => vector), sorted.map(({ turn }) => turn)];
  const zeroFrom = s.indexOf(0);
  if (zeroFrom >= 0) completeBasis(long, zeroFrom);
  if (start.triangle === undefined) return { u: columnsInOrder(long), s, v: columnsInOrder(turns) };
  const { reflectors, order, rowOrder } = start.triangle;
  const turned = zeros(a.cols, a.rows);
  turns.forEach((vector, i) => turned.data.set(vector, i * a.rows));
  engine.reflect(reflectors, turned);
  return { u: columnsInOrder(rowsOf(turned), rowOrder), s, v: columnsInOrder(long, order) };
}

/**
 * The frame by one Gram matrix of a matrix that is much taller than wide, where its columns, at any length, are far from
 * dependent: then its triangle has the singular values to the same digits.
 */
function wellConditioned(engine: Engine, a: Matrix): TallFrame | undefined {
  const frame = a.rows > TALL * a.cols ? tallFrame(engine, strided(a), 0) : undefined;
  return frame?.ofItself === true ? frame : undefined;
}

interface Sorted {
  readonly vector: Float64Array;
  readonly turn: Float64Array;
  /** That of the vector; 0 where it is too small to tell. */
  readonly length: number;
}

function longestFirst({ vectors, turns }: Orthogonal): Sorted[] {
  return vectors
    .map((vector, i) => ({ vector, turn: turns[i], length: norm(vector) }))
    .map((each) => (each.length < LEAST ? { ...each, length: 0 } : each))
    .sort((x, y) => y.length - x.length);
}

/** Columns written together: so many values fill a line of the cache. */
const COLUMNS = 8;

/** The matrix with these columns, component i of each going to row `order[i]`, or to row i. */
function columnsInOrder(vectors: readonly Float64Array[], order?: readonly number[]): Float64Matrix {
  const result = zeros(vectors[0]?.length ?? order?.length ?? 0, vectors.length);
  for (let first = 0; first < result.cols; first += COLUMNS) {
    const last = Math.min(first + COLUMNS, result.cols);
    for (let i = 0; i < result.rows; i++) {
      const to = (order === undefined ? i : order[i]) * result.cols;
      for (let j = first; j < last; j++) result.data[to + j] = vectors[j][i];
    }
  }
  return result;
}
