import { decode } from "./decode.ts";
import { DTYPES } from "./dtypes.ts";
import type { LazyTensor, RowRange } from "./tensors.ts";

/** Which values `readValues` brings, and as what. */
export interface ReadOptions {
  /** Left out: `f64`, which holds every type but large 64-bit integers exactly. */
  readonly as?: "f32" | "f64" | undefined;
  /** A part along the first axis; left out: all. */
  readonly rows?: RowRange | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads and decodes the values of a tensor, or of some of its rows, row-major. Memory: the stored bytes and
 * the decoded values at once.
 *
 * @throws LoraError DTYPE when the type cannot be decoded; SHAPE when the rows are not there; and what
 *   reading throws
 */
export async function readValues(
  tensor: LazyTensor,
  options: ReadOptions & { readonly as: "f32" },
): Promise<Float32Array>;
export async function readValues(
  tensor: LazyTensor,
  options?: ReadOptions & { readonly as?: "f64" | undefined },
): Promise<Float64Array>;
export async function readValues(
  tensor: LazyTensor,
  options?: ReadOptions,
): Promise<Float32Array | Float64Array>;
export async function readValues(
  tensor: LazyTensor,
  options: ReadOptions = {},
): Promise<Float32Array | Float64Array> {
  const bytes = await tensor.bytes(options.rows, options.signal);
  const count = (bytes.length * 8) / DTYPES[tensor.dtype].bits;
  const values = options.as === "f32" ? new Float32Array(count) : new Float64Array(count);
  decode(bytes, tensor.dtype, values);
  return values;
}
