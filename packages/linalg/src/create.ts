import { LoraError } from "@lora/tensor";
import type { Float64Matrix } from "./float64-matrix.ts";

/**
 * A matrix from its rows. `matrix([])` is 0 × 0.
 *
 * @throws LoraError SHAPE when the rows differ in length
 */
export function matrix(rows: readonly (readonly number[])[]): Float64Matrix {
  const cols = rows[0]?.length ?? 0;
  const result = zeros(rows.length, cols);
  rows.forEach((row, i) => {
    if (row.length !== cols) {
      throw new LoraError("SHAPE", `row 0 has ${cols} entries, row ${i} has ${row.length}`, { row: i });
    }
    result.data.set(row, i * cols);
  });
  return result;
}

/** rows × cols zeros, to be filled. */
export function zeros(rows: number, cols: number): Float64Matrix {
  return { rows, cols, data: new Float64Array(rows * cols) };
}

/** The n × n identity. */
export function identity(n: number): Float64Matrix {
  const result = zeros(n, n);
  for (let i = 0; i < n; i++) result.data[i * n + i] = 1;
  return result;
}
