import type { Float64Matrix } from "../float64-matrix.ts";
import { dotVectors } from "./dot-vectors.ts";

/** `Engine.cholesky`, row by row: every entry an inner product of two rows. */
export function choleskyRows({ rows: n, data }: Float64Matrix): number {
  for (let i = 0; i < n; i++) {
    const row = data.subarray(i * n, (i + 1) * n);
    for (let j = 0; j < i; j++) {
      const before = dotVectors(row.subarray(0, j), data.subarray(j * n, j * n + j));
      row[j] = (row[j] - before) / data[j * n + j];
    }
    const known = row.subarray(0, i);
    row[i] -= dotVectors(known, known);
    if (!(row[i] > 0)) return i;
    row[i] = Math.sqrt(row[i]);
  }
  return n;
}
