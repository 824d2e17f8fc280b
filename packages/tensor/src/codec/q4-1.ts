import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks } from "./_ggml.ts";

/** 32 values: a scale d and a minimum m (f16), then 4 bits each; d · q + m. */
export const q41: Codec = ggmlBlocks("q4_1", (bytes, at, out, first) => {
  const d = f16At(bytes, at);
  const m = f16At(bytes, at + 2);
  for (let i = 0; i < 16; i += 1) {
    const pair = bytes[at + 4 + i]!;
    out[first + i] = Math.fround(Math.fround(d * (pair & 15)) + m);
    out[first + 16 + i] = Math.fround(Math.fround(d * (pair >> 4)) + m);
  }
});
