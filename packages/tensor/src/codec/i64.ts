import type { Codec } from "./_codec.ts";
import { integer64 } from "./_integers.ts";

/** 64-bit integers, two's complement; beyond ±2⁵³ decoding rounds to the nearest f64. */
export const i64: Codec = integer64(Int32Array, { dtype: "i64", least: -(2 ** 63), below: 2 ** 63 });
