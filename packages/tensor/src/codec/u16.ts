import type { Codec } from "./_codec.ts";
import { integer } from "./_integers.ts";

/** 16-bit integers without sign. */
export const u16: Codec = integer(Uint16Array, { dtype: "u16", least: 0, below: 65536 });
