import type { DType } from "../dtypes.ts";
import { DTYPES } from "../dtypes.ts";
import type { Codec, Values } from "./_codec.ts";

/** Writes the values of the block at `at` to `out` from `first` on; every step is rounded to f32, as ggml does. */
export type DecodeBlock = (bytes: Uint8Array, at: number, out: Values, first: number) => void;

/**
 * The codec of a quantised type of ggml, which is only read: each block by itself, in f32 and in ggml's order
 * of operations, so that every value has the bits that `ggml_get_type_traits(type)->to_float` gives.
 *
 * @see https://github.com/ggml-org/ggml, ggml-quants.c (dequantize_row_…); oracle of the tests: gguf-py
 */
export function ggmlBlocks(dtype: DType, decodeBlock: DecodeBlock): Codec {
  const { bits, block } = DTYPES[dtype];
  const size = (bits * block) / 8;
  return {
    dtype,
    decode(bytes, out) {
      for (let first = 0, at = 0; first < out.length; first += block, at += size) {
        decodeBlock(bytes, at, out, first);
      }
    },
  };
}

/** 2⁻²⁵ · 2ᵉ for the 31 finite exponents of f16; that of 0 is the one of 1, without the hidden bit. */
const SCALES = Float64Array.from({ length: 31 }, (_, exponent) => 2 ** (Math.max(1, exponent) - 25));

/** The IEEE 754 binary16 at a place of any alignment. */
export function f16At(bytes: Uint8Array, at: number): number {
  const [lower, upper] = [bytes[at]!, bytes[at + 1]!];
  const exponent = (upper >> 2) & 0x1f;
  const fraction = ((upper & 3) << 8) | lower;
  const sign = (upper & 0x80) === 0 ? 1 : -1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return sign * (exponent === 0 ? fraction : fraction + 1024) * SCALES[exponent]!;
}

/** The signed byte at a place. */
export function i8At(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) >> 24;
}

/**
 * Scale and minimum of one of the eight groups of a q4_k or q5_k block, 6 bits each, of the 12 bytes at
 * `at`: groups 0 to 3 in the low bits of bytes 0 to 7; groups 4 to 7 in bytes 8 to 11 and what is left above.
 */
export function scaleAndMinimum(bytes: Uint8Array, at: number, group: number): readonly [number, number] {
  if (group < 4) return [bytes[at + group]! & 63, bytes[at + group + 4]! & 63];
  const low = bytes[at + group + 4]!;
  return [(low & 15) | ((bytes[at + group - 4]! >> 6) << 4), (low >> 4) | ((bytes[at + group]! >> 6) << 4)];
}
