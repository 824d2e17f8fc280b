import type { Codec } from "./_codec.ts";
import { float8 } from "./_float8.ts";

/**
 * E4M3 with bias 8 and neither infinity nor −0, up to 240 (https://arxiv.org/abs/2206.02915). What rounds
 * beyond becomes NaN (0x80), as torch writes it; −0 becomes 0.
 */
export const f8e4m3fnuz: Codec = float8({
  dtype: "f8e4m3fnuz",
  fractionBits: 3,
  bias: 8,
  largest: 0x7f,
  overflow: 0x80,
  nan: 0x80,
  negativeZero: false,
});
