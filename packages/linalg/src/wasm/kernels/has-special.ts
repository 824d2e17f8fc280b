import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set } from "../assembler/instructions.ts";

/**
 * Whether any of the values from `from` to `end`, a multiple of 16 bytes, has bits within `mask` above `most`: with
 * the mask of all but the sign and the bits of the largest finite value, whether one is infinite or NaN.
 */
export function hasSpecial(bits: 16 | 32): WasmFunction {
  const lanes = bits === 16 ? "i16x8" : "i32x4";
  return defineFunction(
    {
      name: `has_special_${bits}`,
      parameters: { from: "i32", end: "i32", mask: "i32", most: "i32" },
      result: "i32",
    },
    ({ from, end, mask, most }, local) => {
      const [masks, limits, found] = [local("v128"), local("v128"), local("v128")];
      const magnitude = op("v128.and", load("v128.load", get(from)), get(masks));
      return sequence(
        set(masks, op(`${lanes}.splat`, get(mask))),
        set(limits, op(`${lanes}.splat`, get(most))),
        loopWhile(
          op("i32.lt_u", get(from), get(end)),
          set(found, op("v128.or", get(found), op(`${lanes}.gt_s`, magnitude, get(limits)))),
          advance(from, i32(16)),
        ),
        op("v128.any_true", get(found)),
      );
    },
  );
}
