import type { Codec } from "./_codec.ts";
import { float8 } from "./_float8.ts";

/** OCP E5M2, bias 15, up to 57344; what rounds beyond becomes infinite, as torch writes it. */
export const f8e5m2: Codec = float8({
  dtype: "f8e5m2",
  fractionBits: 2,
  bias: 15,
  largest: 0x7b,
  overflow: 0x7c,
  nan: 0x7f,
  negativeZero: true,
});
