import type { Matrix } from "./matrix.ts";

/** A matrix of doubles: what every calculation here gives unless it is asked for less. */
export interface Float64Matrix extends Matrix {
  readonly data: Float64Array;
}

/** The same values as doubles; `a` itself when it holds doubles already. */
export function toFloat64(a: Matrix): Float64Matrix {
  const { rows, cols, data } = a;
  return { rows, cols, data: data instanceof Float64Array ? data : new Float64Array(data) };
}
