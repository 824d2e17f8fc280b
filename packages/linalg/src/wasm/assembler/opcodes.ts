/**
 * The instructions that take all their operands from the stack. A vector instruction is the prefix fd and a number of
 * its own, written here in the last three digits; so are those with the prefix fc.
 *
 * Source: WebAssembly Core Specification 3.0 §5.4.
 */
export const OPCODES = {
  "i32.eqz": 0x45,
  "i32.lt_u": 0x49,
  "i32.le_u": 0x4d,
  "i32.ge_u": 0x4f,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.and": 0x71,
  "i32.or": 0x72,
  "i32.shl": 0x74,
  "i32.trunc_sat_f32_s": 0xfc_000,
  "f32.abs": 0x8b,
  "f32.nearest": 0x90,
  "f32.add": 0x92,
  "f32.mul": 0x94,
  "f32.div": 0x95,
  "f32.max": 0x97,
  "f64.gt": 0x64,
  "f64.sqrt": 0x9f,
  "f64.add": 0xa0,
  "f64.sub": 0xa1,
  "f64.mul": 0xa2,
  "f64.div": 0xa3,
  "f64.promote_f32": 0xbb,
  "f32x4.splat": 0xfd_013,
  "f64x2.splat": 0xfd_014,
  "i16x8.splat": 0xfd_010,
  "i32x4.splat": 0xfd_011,
  "v128.and": 0xfd_04e,
  "v128.or": 0xfd_050,
  "v128.xor": 0xfd_051,
  "v128.bitselect": 0xfd_052,
  "v128.any_true": 0xfd_053,
  "i16x8.gt_s": 0xfd_031,
  "i32x4.gt_s": 0xfd_03b,
  "f32x4.le": 0xfd_045,
  "i8x16.narrow_i16x8_s": 0xfd_065,
  "i16x8.narrow_i32x4_s": 0xfd_085,
  "i32x4.shl": 0xfd_0ab,
  "i32x4.shr_s": 0xfd_0ac,
  "i32x4.shr_u": 0xfd_0ad,
  "i32x4.add": 0xfd_0ae,
  "i32x4.sub": 0xfd_0b1,
  "i32x4.max_s": 0xfd_0b8,
  "i32x4.dot_i16x8_s": 0xfd_0ba,
  "f64x2.promote_low_f32x4": 0xfd_05f,
  "f32x4.convert_i32x4_s": 0xfd_0fa,
  "f32x4.abs": 0xfd_0e0,
  "f32x4.add": 0xfd_0e4,
  "f32x4.sub": 0xfd_0e5,
  "f32x4.mul": 0xfd_0e6,
  "f32x4.pmin": 0xfd_0ea,
  "f32x4.pmax": 0xfd_0eb,
  "f64x2.add": 0xfd_0f0,
  "f64x2.sub": 0xfd_0f1,
  "f64x2.mul": 0xfd_0f2,
  "f32x4.relaxed_madd": 0xfd_105,
  "f64x2.div": 0xfd_0f3,
  "f64x2.relaxed_madd": 0xfd_107,
  "f64x2.relaxed_nmadd": 0xfd_108,
} as const;

/** The instructions that read memory. */
export const LOADS = {
  "f32.load": 0x2a,
  "f64.load": 0x2b,
  "v128.load": 0xfd_000,
  "v128.load8x8_s": 0xfd_001,
  "v128.load16x4_s": 0xfd_003,
  "v128.load16x4_u": 0xfd_004,
  "v128.load32_splat": 0xfd_009,
  "v128.load64_splat": 0xfd_00a,
  "v128.load64_zero": 0xfd_05d,
} as const;

/** The instructions that write memory. */
export const STORES = {
  "f32.store": 0x38,
  "f64.store": 0x39,
  "v128.store": 0xfd_00b,
} as const;

/** The types of values, as they are written in a module. */
export const VALUE_TYPES = { i32: 0x7f, f32: 0x7d, f64: 0x7c, v128: 0x7b } as const;

/** A type of value. */
export type ValueType = keyof typeof VALUE_TYPES;
