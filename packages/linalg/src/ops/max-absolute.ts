import type { Matrix } from "../matrix.ts";

/** max |xᵢ|; 0 for no values, NaN when one is NaN. */
export function maxAbsolute(x: Matrix["data"]): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) {
    const size = Math.abs(x[i]);
    if (!(size <= largest)) largest = size;
    if (size !== size) return size;
  }
  return largest;
}
