import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 8-bit integers without sign. */
export const u8: Codec = integer(Uint8Array, { dtype: "u8", least: 0, below: 256 });
