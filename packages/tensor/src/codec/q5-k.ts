import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks, scaleAndMinimum } from "./_ggml.ts";

/**
 * 256 values in 8 groups: d and dmin (f16), scales and minima of 6 bits in 12 bytes, the fifth bits (32
 * bytes), then 4 bits a value; d · scale · q − dmin · minimum.
 */
export const q5K: Codec = ggmlBlocks("q5_k", (bytes, at, out, first) => {
  const d = f16At(bytes, at);
  const dmin = f16At(bytes, at + 2);
  for (let group = 0; group < 8; group += 1) {
    const [packedScale, packedMinimum] = scaleAndMinimum(bytes, at + 4, group);
    const scale = Math.fround(d * packedScale);
    const minimum = Math.fround(dmin * packedMinimum);
    const from = at + 48 + (group >> 1) * 32;
    const shift = (group & 1) * 4;
    for (let i = 0; i < 32; i += 1) {
      const fifth = (bytes[at + 16 + i]! >> group) & 1;
      const q = ((bytes[from + i]! >> shift) & 15) | (fifth << 4);
      out[first + group * 32 + i] = Math.fround(Math.fround(scale * q) - minimum);
    }
  }
});
