import type { DType } from "../dtypes.ts";
import { blockLength, encodeFromF32Bits } from "./_blocks.ts";
import type { Codec, Values } from "./_codec.ts";

/** What tells the 8-bit float types apart; all have one sign bit, and subnormals. */
export interface Float8Layout {
  readonly dtype: DType;
  readonly fractionBits: number;
  readonly bias: number;
  /** The largest finite pattern. */
  readonly largest: number;
  /** What takes the place of magnitudes that round beyond `largest`, and of infinity; gets the sign. */
  readonly overflow: number;
  /** What a NaN is written as. */
  readonly nan: number;
  /** fnuz types have no negative zero: its pattern, 0x80, is their only NaN. */
  readonly negativeZero: boolean;
}

/** The codec of an 8-bit float type. */
export function float8(layout: Float8Layout): Codec {
  return {
    dtype: layout.dtype,
    decode(bytes, out) {
      const table = decodeTable(layout);
      for (let i = 0; i < out.length; i += 1) out[i] = table[bytes[i]!]!;
    },
    encode(values, out) {
      const block = new Uint8Array(blockLength(values.length));
      encodeFromF32Bits(values, out, block, (bits, stored) => {
        for (let i = 0; i < bits.length; i += 1) stored[i] = encodePattern(bits[i]!, layout);
      });
    },
  };
}

function decodeTable(layout: Float8Layout): Values {
  const table = new Float64Array(256);
  for (let pattern = 0; pattern < 256; pattern += 1) table[pattern] = decodePattern(pattern, layout);
  return table;
}

function decodePattern(pattern: number, layout: Float8Layout): number {
  const { fractionBits, bias, largest, overflow } = layout;
  const magnitude = pattern & 0x7f;
  const sign = pattern >= 0x80 ? -1 : 1;
  if (!layout.negativeZero && pattern === 0x80) return Number.NaN;
  if (magnitude > largest)
    return overflow !== layout.nan && magnitude === overflow ? sign * Infinity : Number.NaN;
  const exponent = magnitude >> fractionBits;
  const fraction = (magnitude & ((1 << fractionBits) - 1)) / (1 << fractionBits);
  // Subnormals have no hidden one and the exponent of the smallest normal.
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

/** An f32 pattern, rounded to the nearest, ties to even. */
function encodePattern(bits: number, layout: Float8Layout): number {
  const { fractionBits, bias, largest } = layout;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return layout.nan;
  const sign = (bits >>> 24) & 0x80;
  const exponent = (magnitude >>> 23) - 127 + bias;
  const dropped = 23 - fractionBits + Math.max(0, 1 - exponent);
  let rounded = 0;
  if (dropped < 26) {
    const kept = exponent > 0 ? magnitude - ((127 - bias) << 23) : (magnitude & 0x7fffff) | 0x800000;
    rounded = (kept + (1 << (dropped - 1)) - 1 + ((kept >>> dropped) & 1)) >>> dropped;
  }
  if (rounded > largest) return layout.overflow | sign;
  return rounded === 0 && !layout.negativeZero ? 0 : rounded | sign;
}
