import type { Matrix } from "./matrix.ts";

/** Where the first NaN or infinity is; −1 where there is none. A plain loop: findIndex costs ten times as much. */
export function firstNonFinite(data: Matrix["data"]): number {
  for (let i = 0; i < data.length; i++) if (!Number.isFinite(data[i])) return i;
  return -1;
}
