import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";

/** The value of the bits of four numbers; the constants it needs are spread over vectors before. */
export interface WideValue {
  readonly constants: readonly number[];
  value(bits: Local, constants: readonly Local[]): Code;
}

/** bf16 is the upper half of an f32. Exact for all 65536 patterns. */
const valueOfBf16: WideValue = {
  constants: [],
  value: (bits) => op("i32x4.shl", get(bits), i32(16)),
};

/**
 * f16 to f32, exact for all 65536 patterns: exponent and fraction in place, times 2¹¹², which makes subnormals normal;
 * what was infinite or NaN gets its exponent back, and all their sign.
 *
 * Source: the method of F. Giesen, "half_to_float" (2012), without branches.
 */
const valueOfF16: WideValue = {
  constants: [0x7fff, 0x7780_0000, 0x7bff, 0x7f80_0000, 0x8000],
  value(bits, [magnitude, times, most, exponent, sign]) {
    const size = op("v128.and", get(bits), get(magnitude));
    const value = op("f32x4.mul", op("i32x4.shl", size, i32(13)), get(times));
    const special = op("v128.and", op("i32x4.gt_s", size, get(most)), get(exponent));
    const signs = op("i32x4.shl", op("v128.and", get(bits), get(sign)), i32(16));
    return op("v128.or", op("v128.or", value, special), signs);
  },
};

/** Sixteen-bit values, four at a time, to f32. */
export function widenBf16(): WasmFunction {
  return widen("widen_bf16", valueOfBf16);
}

/** Sixteen-bit values, four at a time, to f32. */
export function widenF16(): WasmFunction {
  return widen("widen_f16", valueOfF16);
}

/** A loop over groups of four. */
function widen(name: string, { constants, value }: WideValue): WasmFunction {
  return defineFunction(
    { name, parameters: { from: "i32", to: "i32", end: "i32" } },
    ({ from, to, end }, local) => {
      const bits = local("v128");
      const spread = constants.map(() => local("v128"));
      return sequence(
        ...spread.map((each, i) => set(each, op("i32x4.splat", i32(constants[i])))),
        loopWhile(
          op("i32.lt_u", get(to), get(end)),
          set(bits, load("v128.load16x4_u", get(from))),
          store("v128.store", get(to), value(bits, spread)),
          advance(from, i32(8)),
          advance(to, i32(16)),
        ),
      );
    },
  );
}
