import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks } from "./_ggml.ts";

/**
 * 256 values in 16 groups: the third bits (32 bytes), the lower two bits of each value, 16 scales of 6 bits in
 * 12 bytes, then d (f16); d · (scale − 32) · (q − 4).
 */
export const q3K: Codec = ggmlBlocks("q3_k", (bytes, at, out, first) => {
  const d = f16At(bytes, at + 108);
  for (let group = 0; group < 16; group += 1) {
    const low = (bytes[at + 96 + (group & 7)]! >> (group < 8 ? 0 : 4)) & 15;
    const high = (bytes[at + 104 + (group & 3)]! >> (2 * (group >> 2))) & 3;
    const scale = Math.fround(d * ((low | (high << 4)) - 32));
    const [half, column] = [group >> 3, (group & 1) * 16];
    const from = at + 32 + half * 32 + column;
    const shift = group & 6;
    const third = half * 4 + (shift >> 1);
    for (let i = 0; i < 16; i += 1) {
      const upper = (bytes[at + column + i]! >> third) & 1;
      const q = ((bytes[from + i]! >> shift) & 3) | (upper << 2);
      out[first + group * 16 + i] = Math.fround(scale * (q - 4));
    }
  }
});
