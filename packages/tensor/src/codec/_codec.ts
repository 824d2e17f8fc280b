import type { DType } from "../dtypes.ts";

/** Decoded values: f64 holds every float type exactly, f32 every float type of 32 bits and fewer. */
export type Values = Float32Array | Float64Array;

/** How one dtype is stored. */
export interface Codec {
  readonly dtype: DType;
  /** Reads `out.length` values from the start of `bytes`. Exact where `out`'s type can hold the value. */
  decode(bytes: Uint8Array, out: Values): void;
  /**
   * Writes all of `values` to the start of `out`. Float types round to nearest, ties to even, once;
   * integer types refuse what they cannot hold. Absent where a type is only read.
   *
   * @throws LoraError NUMERIC when a value has no place in an integer type
   */
  encode?(values: ArrayLike<number>, out: Uint8Array): void;
}
