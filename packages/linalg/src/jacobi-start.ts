import { transpose } from "./arrange.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { HeadStart, RowSpectrum } from "./head-start.ts";
import { headStart, rowSpectrum } from "./head-start.ts";
import type { Matrix } from "./matrix.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";
import { scale } from "./ops/scale.ts";
import type { Preconditioned } from "./precondition.ts";
import { precondition } from "./precondition.ts";
import { reciprocalPower } from "./reciprocal-power.ts";

/** How many times longer than wide a matrix may be for its columns to be made orthogonal as they are. */
const MOST_TALL = 2;

/** The least diagonal entry beside the largest, of a pivoted triangle that may be well conditioned. */
const LEAST_RATIO = 1e-4;

/** Up to this condition number κ an eigenvalue's square root is off by κ/2 times what rounding leaves of σ₁ anyway. */
const MOST_CONDITION = 32;

/** What the Jacobi method begins with. */
export interface JacobiStart {
  /** Rows to be made orthogonal: the columns of the matrix, or its triangle, turned where there was a head start. */
  readonly rows: Float64Matrix;
  readonly head?: Pick<HeadStart, "turn" | "size"> | undefined;
  /** The power of two by which the matrix was multiplied, so that its largest entry is near 1. */
  readonly scale: number;
  /** The factorisation whose triangle it is. */
  readonly triangle?: Preconditioned | undefined;
}

/** Some of the singular values, and what the Jacobi method finds the others from. */
export interface ValuesStart {
  readonly values: Float64Array;
  readonly start?: JacobiStart | undefined;
}

/**
 * The columns of a well conditioned matrix turned so that they are nearly orthogonal; else a triangle of it, which keeps
 * the digits of small values: with sorted rows and pivoted columns, its rows turned where they may be.
 *
 * @param a rows ≥ columns
 */
export function jacobiStart(engine: Engine, a: Matrix): JacobiStart {
  const upright = uprightColumns(engine, a);
  return upright === undefined ? triangleOf(engine, a) : turnedColumns(engine, upright);
}

/**
 * The larger singular values of a well conditioned matrix, for which the square roots of the eigenvalues of its Gram matrix are as
 * good, and vectors for the others alone; else what the Jacobi method begins with.
 *
 * @param a rows ≥ columns
 */
export function valuesStart(engine: Engine, a: Matrix): ValuesStart {
  const upright = uprightColumns(engine, a);
  if (upright === undefined) return { values: new Float64Array(0), start: triangleOf(engine, a) };
  const { values } = upright.spectrum;
  const least = values[0] / MOST_CONDITION ** 2;
  const large = values.filter((value) => value > least);
  return {
    values: large.map((value) => Math.sqrt(value) / upright.scale),
    start: large.length < values.length ? turnedColumns(engine, upright, large.length) : undefined,
  };
}

/** The columns of a well conditioned matrix as rows, scaled. */
interface Upright {
  readonly columns: Float64Matrix;
  readonly scale: number;
  readonly spectrum: RowSpectrum;
}

function uprightColumns(engine: Engine, a: Matrix): Upright | undefined {
  if (a.rows > MOST_TALL * a.cols) return undefined;
  const factor = reciprocalPower(maxAbsolute(a.data));
  const columns = transpose(a);
  scale(factor, columns.data);
  const spectrum = rowSpectrum(engine, columns);
  return spectrum && { columns, scale: factor, spectrum };
}

function turnedColumns(
  engine: Engine,
  { columns, scale: factor, spectrum }: Upright,
  first = 0,
): JacobiStart {
  const { turned, ...head } = headStart(engine, columns, spectrum, first);
  return { rows: turned, head, scale: factor };
}

function triangleOf(engine: Engine, a: Matrix): JacobiStart {
  const triangle = precondition(engine, a);
  const { r, scale: factor } = triangle;
  const ratio = Math.abs(r.data[r.data.length - 1] / r.data[0]);
  const spectrum = a.rows > MOST_TALL * a.cols && ratio > LEAST_RATIO ? rowSpectrum(engine, r) : undefined;
  if (spectrum === undefined) return { rows: r, scale: factor, triangle };
  const { turned, ...head } = headStart(engine, r, spectrum);
  return { rows: turned, head, scale: factor, triangle };
}
