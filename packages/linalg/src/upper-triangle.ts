import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";

/** The first k rows of r, which a factorisation left below the diagonal of `work` = rᵀ; what is under it is zero. */
export function upperTriangle(work: Float64Matrix, k: number): Float64Matrix {
  const r = zeros(k, work.rows);
  for (let j = 0; j < work.rows; j++) {
    for (let i = 0; i <= Math.min(j, k - 1); i++) r.data[i * r.cols + j] = work.data[j * work.cols + i];
  }
  return r;
}
