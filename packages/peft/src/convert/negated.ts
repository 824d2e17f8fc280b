import { decode, type DType, encode, DTYPES } from "@lora/tensor";

/** Stored values with their signs changed, exactly. */
export function negated(bytes: Uint8Array, dtype: DType): Uint8Array {
  const values = new Float64Array((bytes.length * 8) / DTYPES[dtype].bits);
  decode(bytes, dtype, values);
  return encode(
    values.map((value) => -value),
    dtype,
  );
}
