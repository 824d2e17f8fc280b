import { maxAbsolute } from "./ops/max-absolute.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { headStart } from "./head-start.ts";
import type { Matrix } from "./matrix.ts";
import { copied, strided, transposed } from "./ops/strided.ts";
import { scale } from "./ops/scale.ts";
import type { Preconditioned } from "./precondition.ts";
import { precondition } from "./precondition.ts";
import { reciprocalPower } from "./reciprocal-power.ts";

/** How many times longer than wide a matrix may be for its columns to be made orthogonal as they are. */
const MOST_TALL = 2;

/** The least diagonal entry beside the largest, of a pivoted triangle that may be well conditioned. */
const LEAST_RATIO = 1e-4;

/** What the Jacobi method begins with. */
export interface JacobiStart {
  /** Rows to be made orthogonal: turn times the columns of the matrix, or times its triangle. */
  readonly rows: Float64Matrix;
  /** Orthogonal; the identity where it is left out. */
  readonly turn?: Float64Matrix | undefined;
  /** The power of two by which the matrix was multiplied, so that its largest entry is near 1. */
  readonly scale: number;
  /** The factorisation whose triangle it is. */
  readonly triangle?: Preconditioned | undefined;
}

/**
 * The columns of a well conditioned matrix turned so that they are nearly orthogonal; else a triangle of it, which keeps
 * the digits of small values: with sorted rows and pivoted columns, its rows turned where they may be.
 *
 * @param a rows ≥ columns
 */
export function jacobiStart(engine: Engine, a: Matrix): JacobiStart {
  const upright = a.rows <= MOST_TALL * a.cols ? turnedColumns(engine, a) : undefined;
  if (upright !== undefined) return upright;
  const triangle = precondition(engine, a);
  const { r } = triangle;
  const ratio = Math.abs(r.data[r.data.length - 1] / r.data[0]);
  const turned = a.rows > MOST_TALL * a.cols && ratio > LEAST_RATIO ? headStart(engine, r) : undefined;
  return { rows: turned?.turned ?? r, turn: turned?.turn, scale: triangle.scale, triangle };
}

function turnedColumns(engine: Engine, a: Matrix): JacobiStart | undefined {
  const factor = reciprocalPower(maxAbsolute(a.data));
  const columns = copied(transposed(strided(a)));
  scale(factor, columns.data);
  const start = headStart(engine, columns);
  return start && { rows: start.turned, turn: start.turn, scale: factor };
}
