import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 8-bit integers, two's complement. */
export const i8: Codec = integer(Int8Array, { dtype: "i8", least: -128, below: 128 });
