import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 32-bit integers without sign. */
export const u32: Codec = integer(Uint32Array, { dtype: "u32", least: 0, below: 2 ** 32 });
