import type { Codec } from "./_codec.ts";
import { float8 } from "./_float8.ts";

/**
 * OCP E4M3 ("fn": no infinity), bias 7, up to 448. What rounds beyond 448 becomes 448, infinity too: the
 * saturating conversion of OCP, and what torch 2.13 does (ml_dtypes and older torch write NaN).
 */
export const f8e4m3: Codec = float8({
  dtype: "f8e4m3",
  fractionBits: 3,
  bias: 7,
  largest: 0x7e,
  overflow: 0x7e,
  nan: 0x7f,
  negativeZero: true,
});
