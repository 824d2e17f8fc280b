import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 16-bit integers, two's complement. */
export const i16: Codec = integer(Int16Array, { dtype: "i16", least: -32768, below: 32768 });
