import type { StoredType } from "../../stored-matrix.ts";
import type { NewLocal } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { get, i32, load, op, sequence, set, store } from "../assembler/instructions.ts";

/**
 * Eight stored values as two vectors of f32, and back. Of sixteen bits the even ones are in the first vector, the odd ones in the
 * second: what widens and joins them then moves nothing from lane to lane.
 */
export interface StoredEight {
  /** Of the eight. */
  readonly bytes: 16 | 32;
  /** Sets the constants. */
  readonly begin: Code;
  /** Sets both vectors to the values at an address. */
  read(at: Local, offset: number, pair: Pair): Code;
  /** into ← the stored value nearest to each, ties to even, as f32. A NaN stays one, with any bits. */
  round(value: Local, into: Local): Code;
  /** Writes what `round` gave. */
  write(at: Local, offset: number, pair: Pair): Code;
}

/** The first and the second vector. */
export type Pair = readonly [Local, Local];

/** What each type takes; its constants are locals of the function. */
export const STORED_EIGHTS: Readonly<Record<StoredType, (local: NewLocal) => StoredEight>> = {
  f32: () => ({
    bytes: 32,
    begin: [],
    read: (at, offset, pair) =>
      sequence(...pair.map((each, i) => set(each, load("v128.load", get(at), offset + 16 * i)))),
    round: (value, into) => set(into, get(value)),
    write: (at, offset, pair) =>
      sequence(...pair.map((each, i) => store("v128.store", get(at), get(each), offset + 16 * i))),
  }),

  // The upper half of an f32: rounded by adding to the lower one, which carries.
  bf16(local) {
    const [[upper, half, one], begin] = constants(local, [~0xffff, 0x7fff, 1]);
    return {
      bytes: 16,
      begin,
      read: (at, offset, [even, odd]) =>
        sequence(
          set(odd, load("v128.load", get(at), offset)),
          set(even, op("i32x4.shl", get(odd), i32(16))),
          set(odd, op("v128.and", get(odd), get(upper))),
        ),
      round(value, into) {
        const lowest = op("v128.and", op("i32x4.shr_u", get(value), i32(16)), get(one));
        const carried = op("i32x4.add", op("i32x4.add", get(value), get(half)), lowest);
        return set(into, op("v128.and", carried, get(upper)));
      },
      write: (at, offset, [even, odd]) => store("v128.store", get(at), joined(get(even), get(odd)), offset),
    };
  },

  // An f32 whose exponent is 112 less: multiplying puts subnormals, and what is too large, in their places.
  f16(local) {
    const [[inPlace, up, down, exponent, least, most, further, sign, size], begin] = constants(local, [
      0x8fff_e000 | 0,
      singleBits(2 ** 112),
      singleBits(2 ** -112),
      0x7f80_0000,
      singleBits(2 ** -14),
      singleBits(2 ** 16),
      (13 << 23) | (1 << 22),
      0x8000_0000 | 0,
      0x7fff_ffff,
    ]);
    const [scratch, signs] = [local("v128"), local("v128")];
    // Numbers of the largest exponent come to 2¹⁶ and more: they are infinite or NaN, and get an f32's largest.
    const widen = (value: Code, into: Local): Code => {
      const small = op("v128.and", op("i32x4.shr_s", value, i32(3)), get(inPlace));
      const beyond = op("f32x4.le", get(most), op("v128.and", get(into), get(size)));
      return sequence(
        set(into, op("f32x4.mul", small, get(up))),
        set(into, op("v128.or", get(into), op("v128.and", get(exponent), beyond))),
      );
    };
    return {
      bytes: 16,
      begin,
      read: (at, offset, [even, odd]) =>
        sequence(
          set(scratch, load("v128.load", get(at), offset)),
          widen(op("i32x4.shl", get(scratch), i32(16)), even),
          widen(get(scratch), odd),
        ),
      // Added to 1.5 · 2¹³ times its own power of two a number loses the digits that f16 has no room for.
      round(value, into) {
        const power = op("f32x4.pmax", op("v128.and", get(value), get(exponent)), get(least));
        return sequence(
          set(scratch, op("i32x4.add", op("f32x4.pmin", power, get(most)), get(further))),
          set(signs, op("v128.and", get(value), get(sign))),
          set(into, op("f32x4.sub", op("f32x4.add", get(value), get(scratch)), get(scratch))),
          set(into, op("f32x4.mul", op("f32x4.mul", get(into), get(up)), get(down))),
          set(into, op("v128.or", get(into), get(signs))),
        );
      },
      write(at, offset, [even, odd]) {
        const upperHalf = (value: Local): Code => {
          const bits = op("i32x4.shl", op("f32x4.mul", get(value), get(down)), i32(3));
          return op("v128.bitselect", get(value), bits, get(sign));
        };
        return store("v128.store", get(at), joined(upperHalf(even), upperHalf(odd)), offset);
      },
    };
  },
};

/** Vectors of a constant each, and what sets them. */
function constants(local: NewLocal, values: readonly number[]): readonly [readonly Local[], Code] {
  const locals = values.map(() => local("v128"));
  return [locals, sequence(...locals.map((each, i) => set(each, op("i32x4.splat", i32(values[i])))))];
}

/** The upper halves of the even ones beside those of the odd ones, whose lower halves are zero. */
function joined(even: Code, odd: Code): Code {
  return op("v128.or", op("i32x4.shr_u", even, i32(16)), odd);
}

/** The bits of a number as f32. */
function singleBits(value: number): number {
  return new Int32Array(Float32Array.of(value).buffer)[0];
}
