import { axpy } from "./axpy.ts";
import { dotVectors } from "./dot-vectors.ts";

/** The vectors of a pass over a symmetric block, as long as it is wide. */
export interface PassVectors {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly v: Float64Array;
  readonly w: Float64Array;
}

/**
 * a ← a − x·yᵀ − y·xᵀ for a symmetric block of which the upper triangle is kept, w ← what H·a·H = a − v·wᵀ − w·vᵀ has there
 * for H = I − tau·v·vᵀ, and the first row of a as that says.
 */
export function reflectSymmetric(
  rows: readonly Float64Array[],
  { x, y, v, w }: PassVectors,
  tau: number,
): void {
  w.fill(0);
  rows.forEach((row, i) => {
    const right = row.subarray(i);
    axpy(-x[i], y.subarray(i), right);
    axpy(-y[i], x.subarray(i), right);
    w[i] += tau * dotVectors(right, v.subarray(i));
    axpy(tau * v[i], right.subarray(1), w.subarray(i + 1));
  });
  axpy((-tau / 2) * dotVectors(v, w), v, w);
  axpy(-v[0], w, rows[0]);
  axpy(-w[0], v, rows[0]);
}
