import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 32-bit integers, two's complement. */
export const i32: Codec = integer(Int32Array, { dtype: "i32", least: -(2 ** 31), below: 2 ** 31 });
