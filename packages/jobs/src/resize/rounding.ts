import type { Matrix } from "@lora/linalg";
import { type DType, decode, encode, LoraError } from "@lora/tensor";

/**
 * The values a matrix has after being stored as `dtype` and read back.
 *
 * @throws LoraError NUMERIC when a value is too large for `dtype`
 */
export function roundedTo(a: Matrix, dtype: DType): Matrix {
  const data = new Float64Array(a.data.length);
  decode(encode(a.data, dtype), dtype, data);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) {
      throw new LoraError("NUMERIC", `${a.data[i]} is too large for ${dtype}`, {
        row: Math.floor(i / a.cols),
        column: i % a.cols,
        advice: "write with --dtype bf16 or --dtype f32",
      });
    }
  }
  return { rows: a.rows, cols: a.cols, data };
}
