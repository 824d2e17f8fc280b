import type { Matrix } from "../matrix.ts";

/** y += alpha · x */
export function axpy(alpha: number, x: Matrix["data"], y: Float64Array): void {
  for (let i = 0; i < y.length; i++) y[i] += alpha * x[i];
}
