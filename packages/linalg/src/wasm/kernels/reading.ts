import type { StoredType } from "../../stored-matrix.ts";
import type { NewLocal } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { get, i32, load, op, sequence, set } from "../assembler/instructions.ts";

/** How eight stored values become two vectors of f32. */
export interface Reading {
  /** Bytes of the eight. */
  readonly bytes: number;
  /** What they are multiplied with to be what is stored. */
  readonly unit: number;
  /** What is made ready once. */
  readonly prepare: Code;
  /** Reads the eight into two locals. */
  read(address: Code, low: Local, high: Local): Code;
}

/** The address is that of a row, what is read then two vectors. */
export const READINGS: Readonly<Record<StoredType, (local: NewLocal) => Reading>> = {
  f32: () => ({
    bytes: 32,
    unit: 1,
    prepare: [],
    read: (address, low, high) =>
      sequence(set(low, load("v128.load", address)), set(high, load("v128.load", address, 16))),
  }),
  // The even ones of the eight, then the odd ones.
  bf16(local) {
    const mask = local("v128");
    return {
      bytes: 16,
      unit: 1,
      prepare: set(mask, op("i32x4.splat", i32(~0xffff))),
      read: (address, low, high) =>
        sequence(
          set(low, load("v128.load", address)),
          set(high, op("v128.and", get(low), get(mask))),
          set(low, op("i32x4.shl", get(low), i32(16))),
        ),
    };
  },
  // The same, with the bits in the place of those of an f32, the sign's copies taken out: the value times 2⁻¹¹².
  f16(local) {
    const mask = local("v128");
    const inPlace = (bits: Code): Code => op("v128.and", op("i32x4.shr_s", bits, i32(3)), get(mask));
    return {
      bytes: 16,
      unit: 2 ** 112,
      prepare: set(mask, op("i32x4.splat", i32(0x8fff_e000 | 0))),
      read: (address, low, high) =>
        sequence(
          set(low, load("v128.load", address)),
          set(high, inPlace(get(low))),
          set(low, inPlace(op("i32x4.shl", get(low), i32(16)))),
        ),
    };
  },
};
