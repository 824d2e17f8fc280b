import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks } from "./_ggml.ts";

/**
 * 256 values in 16 groups: 16 bytes with a scale and a minimum of 4 bits for each group, 2 bits a value, then
 * d and dmin (f16); d · scale · q − dmin · minimum.
 */
export const q2K: Codec = ggmlBlocks("q2_k", (bytes, at, out, first) => {
  const d = f16At(bytes, at + 80);
  const dmin = f16At(bytes, at + 82);
  for (let group = 0; group < 16; group += 1) {
    const packed = bytes[at + group]!;
    const scale = Math.fround(d * (packed & 15));
    const minimum = Math.fround(dmin * (packed >> 4));
    // Each half of the block has 32 bytes; two groups share two bits of all of them.
    const from = at + 16 + (group >> 3) * 32 + (group & 1) * 16;
    const shift = group & 6;
    for (let i = 0; i < 16; i += 1) {
      const q = (bytes[from + i]! >> shift) & 3;
      out[first + group * 16 + i] = Math.fround(Math.fround(scale * q) - minimum);
    }
  }
});
