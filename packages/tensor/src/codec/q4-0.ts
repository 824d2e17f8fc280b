import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks } from "./_ggml.ts";

/** 32 values: a scale d (f16), then 4 bits each; d · (q − 8). The low halves of the bytes come first. */
export const q40: Codec = ggmlBlocks("q4_0", (bytes, at, out, first) => {
  const d = f16At(bytes, at);
  for (let i = 0; i < 16; i += 1) {
    const pair = bytes[at + 2 + i]!;
    out[first + i] = Math.fround(d * ((pair & 15) - 8));
    out[first + 16 + i] = Math.fround(d * ((pair >> 4) - 8));
  }
});
