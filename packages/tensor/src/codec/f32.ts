import type { Codec } from "./_codec.ts";

/** IEEE 754 binary32. */
export const f32: Codec = {
  dtype: "f32",
  decode(bytes, out) {
    if (out instanceof Float32Array) asBytes(out).set(bytes.subarray(0, out.byteLength));
    else {
      const values = new Float32Array(out.length);
      asBytes(values).set(bytes.subarray(0, values.byteLength));
      out.set(values);
    }
  },
  encode(values, out) {
    out.set(asBytes(values instanceof Float32Array ? values : new Float32Array(values)));
  },
};

function asBytes(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
