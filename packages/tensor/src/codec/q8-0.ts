import type { Codec } from "./_codec.ts";
import { f16At, ggmlBlocks, i8At } from "./_ggml.ts";

/** 32 values: a scale d (f16), then a signed byte each; d · q. */
export const q80: Codec = ggmlBlocks("q8_0", (bytes, at, out, first) => {
  const d = f16At(bytes, at);
  for (let i = 0; i < 32; i += 1) out[first + i] = Math.fround(d * i8At(bytes, at + 2 + i));
});
