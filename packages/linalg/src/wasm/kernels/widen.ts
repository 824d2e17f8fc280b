import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";

/** The values of four numbers in place of their bits; the constants that it needs are spread over vectors before. */
export interface WideValue {
  readonly load: "v128.load16x4_s" | "v128.load16x4_u";
  readonly constants: readonly number[];
  value(bits: Local, constants: readonly Local[]): Code;
}

/** Pairs of groups of four a turn of the loop. */
const UNROLLED = 2;

/** bf16 is the upper half of an f32. Exact for all 65536 patterns. */
const valueOfBf16: WideValue = {
  load: "v128.load16x4_u",
  constants: [],
  value: (bits) => set(bits, op("i32x4.shl", get(bits), i32(16))),
};

/**
 * f16 to f32, exact for all 65536 patterns. Of the pattern with its sign spread over the upper half, exponent and fraction go to
 * their places beside the sign; times 2¹¹², which makes subnormals normal; what comes to 2¹⁶ and more was infinite or NaN and
 * gets its exponent back.
 *
 * Source: the method of F. Giesen, "half_to_float" (2012), without branches.
 */
const valueOfF16: WideValue = {
  load: "v128.load16x4_s",
  constants: [0x8fff_e000 | 0, 0x7780_0000, 0x7fff_ffff, 0x4780_0000, 0x7f80_0000],
  value(bits, [inPlace, times, size, least, exponent]) {
    const placed = op("v128.and", op("i32x4.shl", get(bits), i32(13)), get(inPlace));
    const special = op("f32x4.le", get(least), op("v128.and", get(bits), get(size)));
    return sequence(
      set(bits, op("f32x4.mul", placed, get(times))),
      set(bits, op("v128.or", get(bits), op("v128.and", special, get(exponent)))),
    );
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

/** A loop over groups of four, two by two: both are read before either is written, which lets an engine join them. */
function widen(name: string, { load: how, constants, value }: WideValue): WasmFunction {
  return defineFunction(
    { name, parameters: { from: "i32", to: "i32", end: "i32" } },
    ({ from, to, end }, local) => {
      const spread = constants.map(() => local("v128"));
      const pair = [local("v128"), local("v128")];
      const groups = (some: readonly Local[], first: number): Code =>
        sequence(
          ...some.map((bits, i) => set(bits, load(how, get(from), 8 * (first + i)))),
          ...some.map((bits) => value(bits, spread)),
          ...some.map((bits, i) => store("v128.store", get(to), get(bits), 16 * (first + i))),
        );
      // The last group may have fewer than four.
      const loop = (count: number, ...body: readonly Code[]): Code =>
        loopWhile(
          op("i32.lt_u", op("i32.add", get(to), i32(16 * (count - 1))), get(end)),
          ...body,
          advance(from, i32(8 * count)),
          advance(to, i32(16 * count)),
        );
      return sequence(
        ...spread.map((each, i) => set(each, op("i32x4.splat", i32(constants[i])))),
        loop(2 * UNROLLED, ...Array.from({ length: UNROLLED }, (_, k) => groups(pair, 2 * k))),
        loop(1, groups(pair.slice(0, 1), 0)),
      );
    },
  );
}
