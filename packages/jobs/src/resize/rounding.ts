import type { Float64Matrix, Matrix } from "@lora/linalg";
import { type DType, decode, encode, LoraError } from "@lora/tensor";

/** A matrix as it is stored, and the values that are read back from that. */
export interface Rounded {
  readonly bytes: Uint8Array;
  readonly values: Float64Matrix;
}

/**
 * Rounds a matrix to a stored type.
 *
 * @throws LoraError NUMERIC when a value is too large for `dtype`
 */
export function rounded(a: Matrix, dtype: DType): Rounded {
  const bytes = encode(a.data, dtype);
  const data = new Float64Array(a.data.length);
  decode(bytes, dtype, data);
  for (let i = 0; i < data.length; i++) {
    if (!Number.isFinite(data[i]!)) {
      throw new LoraError("NUMERIC", `${a.data[i]} is too large for ${dtype}`, {
        row: Math.floor(i / a.cols),
        column: i % a.cols,
        advice: "write with --dtype bf16 or --dtype f32",
      });
    }
  }
  return { bytes, values: { rows: a.rows, cols: a.cols, data } };
}
