import { blockLength, decodeAsF32Bits, encodeFromF32Bits, words16 } from "./_blocks.ts";
import type { Codec } from "./_codec.ts";

/**
 * IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. From 65520 on a value becomes
 * infinite, as IEEE 754 rounds; NaN is written as 0x7e00.
 */
export const f16: Codec = {
  dtype: "f16",
  decode(bytes, out) {
    const halves = words16(bytes, out.length);
    decodeAsF32Bits(out, (first, bits) => toBits(halves, first, bits));
  },
  encode(values, out) {
    encodeFromF32Bits(values, out, new Uint16Array(blockLength(values.length)), fromBits);
  },
};

function toBits(halves: Uint16Array, first: number, bits: Int32Array): void {
  for (let i = 0; i < bits.length; i += 1) {
    const half = halves[first + i]!;
    const sign = (half & 0x8000) << 16;
    const magnitude = half & 0x7fff;
    if (magnitude >= 0x7c00) bits[i] = sign | 0x7f800000 | (magnitude << 13);
    else if (magnitude >= 0x0400) bits[i] = sign | ((magnitude << 13) + 0x38000000);
    else if (magnitude === 0) bits[i] = sign;
    else {
      // Subnormal: fraction · 2⁻²⁴. Shift its leading one to bit 10, the place of the hidden one.
      const shift = Math.clz32(magnitude) - 21;
      bits[i] = sign | ((113 - shift) << 23) | (((magnitude << shift) & 0x3ff) << 13);
    }
  }
}

function fromBits(bits: Int32Array, halves: Uint16Array): void {
  for (let i = 0; i < bits.length; i += 1) {
    const pattern = bits[i]!;
    const sign = (pattern >>> 16) & 0x8000;
    const magnitude = pattern & 0x7fffffff;
    if (magnitude > 0x7f800000) halves[i] = 0x7e00;
    else if (magnitude >= 0x47800000) halves[i] = sign | 0x7c00;
    else if (magnitude >= 0x38800000) {
      // Normal: take 112 from the exponent; a carry out of the fraction raises the exponent, up to infinity.
      halves[i] = sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
    } else if (magnitude <= 0x33000000) halves[i] = sign;
    else {
      // Subnormal: the significand, shifted to units of 2⁻²⁴.
      const shift = 126 - (magnitude >>> 23);
      const significand = (magnitude & 0x7fffff) | 0x800000;
      const half = (1 << (shift - 1)) - 1 + ((significand >>> shift) & 1);
      halves[i] = sign | ((significand + half) >>> shift);
    }
  }
}
