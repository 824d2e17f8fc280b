import { blockLength, decodeAsF32Bits, encodeFromF32Bits, words16 } from "./_blocks.ts";
import type { Codec } from "./_codec.ts";

/**
 * bfloat16: the upper half of an f32. Beyond the largest finite value it rounds to infinity as IEEE 754
 * does; NaN is written as 0x7fc0.
 */
export const bf16: Codec = {
  dtype: "bf16",
  decode(bytes, out) {
    const halves = words16(bytes, out.length);
    decodeAsF32Bits(out, (first, bits) => {
      for (let i = 0; i < bits.length; i += 1) bits[i] = halves[first + i]! << 16;
    });
  },
  encode(values, out) {
    encodeFromF32Bits(values, out, new Uint16Array(blockLength(values.length)), fromBits);
  },
};

function fromBits(bits: Int32Array, halves: Uint16Array): void {
  for (let i = 0; i < bits.length; i += 1) {
    const pattern = bits[i]!;
    if ((pattern & 0x7fffffff) > 0x7f800000) halves[i] = 0x7fc0;
    else halves[i] = (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16;
  }
}
