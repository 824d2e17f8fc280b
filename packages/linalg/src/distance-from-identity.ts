import type { Float64Matrix } from "./float64-matrix.ts";
import { norm } from "./ops/norm.ts";

/** ‖g − I‖_F */
export function distanceFromIdentity(g: Float64Matrix): number {
  const difference = g.data.slice();
  for (let i = 0; i < g.rows; i++) difference[i * g.cols + i] -= 1;
  return norm(difference);
}
