import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";

/** Sixteen-bit values, four at a time, to f32: bf16 is the upper half of one. Exact for all 65536 patterns. */
export function widenBf16(): WasmFunction {
  return widen("widen_bf16", (bits) => op("i32x4.shl", get(bits), i32(16)), []);
}

/**
 * f16 to f32, exact for all 65536 patterns: exponent and fraction in place, times 2¹¹², which makes subnormals normal;
 * what was infinite or NaN gets its exponent back, and all their sign.
 *
 * Source: the method of F. Giesen, "half_to_float" (2012), without branches.
 */
export function widenF16(): WasmFunction {
  const [magnitudeBits, scale, largest, infinity, signBit] = [
    0x7fff, 0x7780_0000, 0x7bff, 0x7f80_0000, 0x8000,
  ];
  return widen(
    "widen_f16",
    (bits, [magnitude, times, most, exponent, sign]) => {
      const size = op("v128.and", get(bits), get(magnitude));
      const value = op("f32x4.mul", op("i32x4.shl", size, i32(13)), get(times));
      const special = op("v128.and", op("i32x4.gt_s", size, get(most)), get(exponent));
      const signs = op("i32x4.shl", op("v128.and", get(bits), get(sign)), i32(16));
      return op("v128.or", op("v128.or", value, special), signs);
    },
    [magnitudeBits, scale, largest, infinity, signBit],
  );
}

/** A loop over groups of four; the constants are spread over vectors before it. */
function widen(
  name: string,
  value: (bits: Local, constants: readonly Local[]) => Code,
  constants: readonly number[],
): WasmFunction {
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
