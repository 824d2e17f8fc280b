/**
 * Every stored element type, with its size: `block` elements are stored together, and take `bits` each; all
 * types here are dense and little-endian. Quantised types share scales inside a block, so their `bits` are
 * fractions (exact ones), and the innermost axis of a tensor is a multiple of the block. `opaque` stands for
 * a type that a file names and this toolkit does not know: its bytes can be carried, not read.
 *
 * Sources: IEEE 754 (f64, f32, f16), bfloat16, OCP 8-bit floating point (f8e4m3 is E4M3FN: no infinity),
 * the fnuz variants of https://arxiv.org/abs/2206.02915, ggml's ggml-common.h (q…).
 */
export const DTYPES = {
  f64: { bits: 64, block: 1, kind: "float" },
  f32: { bits: 32, block: 1, kind: "float" },
  f16: { bits: 16, block: 1, kind: "float" },
  bf16: { bits: 16, block: 1, kind: "float" },
  f8e4m3: { bits: 8, block: 1, kind: "float" },
  f8e5m2: { bits: 8, block: 1, kind: "float" },
  f8e4m3fnuz: { bits: 8, block: 1, kind: "float" },
  f8e5m2fnuz: { bits: 8, block: 1, kind: "float" },
  i64: { bits: 64, block: 1, kind: "integer" },
  i32: { bits: 32, block: 1, kind: "integer" },
  i16: { bits: 16, block: 1, kind: "integer" },
  i8: { bits: 8, block: 1, kind: "integer" },
  u64: { bits: 64, block: 1, kind: "integer" },
  u32: { bits: 32, block: 1, kind: "integer" },
  u16: { bits: 16, block: 1, kind: "integer" },
  u8: { bits: 8, block: 1, kind: "integer" },
  bool: { bits: 8, block: 1, kind: "boolean" },
  q4_0: { bits: 4.5, block: 32, kind: "quantised" },
  q4_1: { bits: 5, block: 32, kind: "quantised" },
  q5_0: { bits: 5.5, block: 32, kind: "quantised" },
  q5_1: { bits: 6, block: 32, kind: "quantised" },
  q8_0: { bits: 8.5, block: 32, kind: "quantised" },
  q2_k: { bits: 2.625, block: 256, kind: "quantised" },
  q3_k: { bits: 3.4375, block: 256, kind: "quantised" },
  q4_k: { bits: 4.5, block: 256, kind: "quantised" },
  q5_k: { bits: 5.5, block: 256, kind: "quantised" },
  q6_k: { bits: 6.5625, block: 256, kind: "quantised" },
  opaque: { bits: 8, block: 1, kind: "opaque" },
} as const;

/** An element type as stored. */
export type DType = keyof typeof DTYPES;

/** The element types a backend calculates in. */
export type ComputeDType = "f64" | "f32" | "f16";
