import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks, i8At } from "./_ggml.ts";

/**
 * 256 values in 16 groups: the lower 4 bits (128 bytes), the upper 2 bits (64 bytes), a signed byte as scale for
 * each group, then d (f16); d · scale · (q − 32).
 */
export const q6K: Codec = ggmlBlocks("q6_k", (bytes, at, out, first) => {
  const d = f16At(bytes, at + 208);
  for (let group = 0; group < 16; group += 1) {
    const scale = Math.fround(d * i8At(bytes, at + 192 + group));
    const half = group >> 3;
    // Four runs of 32 values a half: two share the bytes of the lower bits, all four those of the upper.
    const run = (group >> 1) & 3;
    const column = (group & 1) * 16;
    const lower = at + half * 64 + (run & 1) * 32 + column;
    const upper = at + 128 + half * 32 + column;
    for (let i = 0; i < 16; i += 1) {
      const q =
        ((bytes[lower + i]! >> (4 * (run >> 1))) & 15) | (((bytes[upper + i]! >> (2 * run)) & 3) << 4);
      out[first + group * 16 + i] = Math.fround(scale * (q - 32));
    }
  }
});
