import type { Codec } from "./_codec.ts";

/** IEEE 754 binary64. */
export const f64: Codec = {
  dtype: "f64",
  decode(bytes, out) {
    if (out instanceof Float64Array) asBytes(out).set(bytes.subarray(0, out.byteLength));
    else {
      const values = new Float64Array(out.length);
      asBytes(values).set(bytes.subarray(0, values.byteLength));
      out.set(values);
    }
  },
  encode(values, out) {
    out.set(asBytes(values instanceof Float64Array ? values : new Float64Array(values)));
  },
};

function asBytes(values: Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
