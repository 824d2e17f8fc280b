import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks } from "./_ggml.ts";

/** 32 values: a scale d and a minimum m (f16), their fifth bits, then 4 bits each; d · q + m. */
export const q51: Codec = ggmlBlocks("q5_1", (bytes, at, out, first) => {
  const d = f16At(bytes, at);
  const m = f16At(bytes, at + 2);
  for (let i = 0; i < 32; i += 1) {
    const fifth = (bytes[at + 4 + (i >> 3)]! >> (i & 7)) & 1;
    const low = (bytes[at + 8 + (i & 15)]! >> (i < 16 ? 0 : 4)) & 15;
    out[first + i] = Math.fround(Math.fround(d * (low | (fifth << 4))) + m);
  }
});
