import type { Codec } from "./_codec.ts";
import { integer64 } from "./_integers.ts";

/** 64-bit integers without sign; beyond 2⁵³ decoding rounds to the nearest f64. */
export const u64: Codec = integer64(Uint32Array, { dtype: "u64", least: 0, below: 2 ** 64 });
