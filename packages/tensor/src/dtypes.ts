/**
 * Every stored element type, with its size. `bits` is the size of one element; all types here are dense
 * and little-endian. `opaque` stands for a type that a file names and this toolkit does not know: its
 * bytes can be carried, not read.
 *
 * Sources: IEEE 754 (f64, f32, f16), bfloat16, OCP 8-bit floating point (f8e4m3 is E4M3FN: no infinity),
 * the fnuz variants of https://arxiv.org/abs/2206.02915.
 */
export const DTYPES = {
  f64: { bits: 64, kind: "float" },
  f32: { bits: 32, kind: "float" },
  f16: { bits: 16, kind: "float" },
  bf16: { bits: 16, kind: "float" },
  f8e4m3: { bits: 8, kind: "float" },
  f8e5m2: { bits: 8, kind: "float" },
  f8e4m3fnuz: { bits: 8, kind: "float" },
  f8e5m2fnuz: { bits: 8, kind: "float" },
  i64: { bits: 64, kind: "integer" },
  i32: { bits: 32, kind: "integer" },
  i16: { bits: 16, kind: "integer" },
  i8: { bits: 8, kind: "integer" },
  u64: { bits: 64, kind: "integer" },
  u32: { bits: 32, kind: "integer" },
  u16: { bits: 16, kind: "integer" },
  u8: { bits: 8, kind: "integer" },
  bool: { bits: 8, kind: "boolean" },
  opaque: { bits: 8, kind: "opaque" },
} as const;

/** An element type as stored. */
export type DType = keyof typeof DTYPES;

/** The element types a backend calculates in. */
export type ComputeDType = "f64" | "f32" | "f16";
