import type { Code, Local } from "../assembler/instructions.ts";
import { get, i32, op, sequence, set } from "../assembler/instructions.ts";

/** The bits of four numbers rounded to a type, to nearest, ties to even; the constants are spread over vectors before. */
export interface NarrowValue {
  readonly constants: readonly number[];
  /** Leaves whole numbers of sixteen bits on the stack, each in a lane of 32. */
  bits(value: Local, constants: readonly Local[], scratch: readonly [Local, Local]): Code;
}

/** f32 to bf16: the upper half, one more where the lower half says so; every NaN becomes the quiet one. */
export const bitsOfBf16: NarrowValue = {
  constants: [0x7fff, 1, 0x7fc0],
  bits(value, [half, one, quiet]) {
    const odd = op("v128.and", op("i32x4.shr_u", get(value), i32(16)), get(one));
    const rounded = op("i32x4.shr_u", op("i32x4.add", op("i32x4.add", get(value), get(half)), odd), i32(16));
    return op("v128.bitselect", get(quiet), rounded, op("f32x4.ne", get(value), get(value)));
  },
};

/**
 * f32 to f16: normal numbers as bf16, with another exponent; small ones by adding ½, whose last digit is the smallest f16;
 * large ones become infinite.
 *
 * Source: the method of F. Giesen, "float_to_half_fast3_rtne" (2012), without branches.
 */
export const bitsOfF16: NarrowValue = {
  constants: [0x8000_0000 | 0, 0xc800_0fff | 0, 1, 0x3f00_0000, 0x3880_0000, 0x477f_ffff, 0x7e00, 0x7c00],
  bits(value, [signBit, bias, one, half, smallest, largest, quiet, infinite], [size, result]) {
    const odd = op("v128.and", op("i32x4.shr_u", get(size), i32(13)), get(one));
    const normal = op("i32x4.shr_u", op("i32x4.add", op("i32x4.add", get(size), get(bias)), odd), i32(13));
    const small = op("i32x4.sub", op("f32x4.add", get(size), get(half)), get(half));
    const special = op("v128.bitselect", get(quiet), get(infinite), op("f32x4.ne", get(value), get(value)));
    const sign = op("i32x4.shr_u", op("v128.and", get(value), get(signBit)), i32(16));
    return sequence(
      set(size, op("v128.xor", get(value), op("v128.and", get(value), get(signBit)))),
      set(result, op("v128.bitselect", small, normal, op("i32x4.gt_s", get(smallest), get(size)))),
      set(result, op("v128.bitselect", special, get(result), op("i32x4.gt_s", get(size), get(largest)))),
      op("v128.or", get(result), sign),
    );
  },
};
