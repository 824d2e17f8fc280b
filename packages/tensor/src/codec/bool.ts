import type { Codec } from "./_codec.ts";
import { checkWhole } from "./_integers.ts";

/** One byte a value: 0 is false, everything else true (decoded as 1). Only 0 and 1 are written. */
export const bool: Codec = {
  dtype: "bool",
  decode(bytes, out) {
    for (let i = 0; i < out.length; i += 1) out[i] = bytes[i] === 0 ? 0 : 1;
  },
  encode(values, out) {
    checkWhole(values, { dtype: "bool", least: 0, below: 2 });
    out.set(values);
  },
};
