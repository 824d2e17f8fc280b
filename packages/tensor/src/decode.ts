import { codecs } from "./codec/_index.ts";
import type { Codec, Values } from "./codec/_codec.ts";
import type { DType } from "./dtypes.ts";
import { LoraError } from "./errors.ts";
import { byteCount } from "./row-bytes.ts";

/** Whether values of this type can be read; only `opaque` cannot. */
export function canDecode(dtype: DType): boolean {
  return codecs.some((codec) => codec.dtype === dtype);
}

/**
 * Reads stored values into `out`: dense, little-endian, at any alignment. Exact where the type of `out` can
 * hold the value; 64-bit integers beyond ±2⁵³ are rounded to the nearest f64. One pass, no table.
 *
 * @throws LoraError SHAPE when the bytes are not those of `out.length` values; DTYPE when `dtype` cannot be read
 */
export function decode(bytes: Uint8Array, dtype: DType, out: Values): void {
  const codec = codecOf(dtype);
  const expected = byteCount({ dtype, shape: [out.length] });
  if (bytes.length !== expected) {
    throw new LoraError(
      "SHAPE",
      `${out.length} values of ${dtype} take ${expected} bytes, not the ${bytes.length} given`,
      { dtype, bytes: bytes.length, values: out.length },
    );
  }
  codec.decode(bytes, out);
}

/**
 * Writes values as stored in `dtype`: dense, little-endian. Float types round to nearest, ties to even. What
 * is too large becomes infinite; in the types without infinity it becomes what torch makes of it: 448 in
 * f8e4m3, NaN in the fnuz types.
 * Integer types and bool refuse fractions, NaN and what is out of range. Quantised types are only read.
 *
 * @throws LoraError DTYPE when `dtype` cannot be written; NUMERIC when an integer type cannot hold a value
 */
export function encode(values: ArrayLike<number>, dtype: DType): Uint8Array {
  const codec = codecOf(dtype);
  if (codec.encode === undefined) {
    throw new LoraError("DTYPE", `values of type ${dtype} can be read, not written`, {
      dtype,
      advice: "write them as f16, bf16 or f32",
    });
  }
  const bytes = new Uint8Array(byteCount({ dtype, shape: [values.length] }));
  codec.encode(values, bytes);
  return bytes;
}

function codecOf(dtype: DType): Codec {
  const codec = codecs.find((candidate) => candidate.dtype === dtype);
  if (codec !== undefined) return codec;
  throw new LoraError("DTYPE", `values of type ${dtype} can be carried, not read or written`, {
    dtype,
    advice: "leave this tensor as it is, or convert it with the tool that wrote it",
  });
}
