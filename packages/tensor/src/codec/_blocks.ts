import type { Values } from "./_codec.ts";

/** Elements of a block: small enough for a scratch of a few KB, large enough to hide the call for each block. */
const BLOCK = 4096;

/**
 * The first `count` 16-bit words of `bytes`. A view where the alignment allows it, else a copy: data
 * sections of real files start at odd addresses.
 */
export function words16(bytes: Uint8Array, count: number): Uint16Array {
  if (bytes.byteOffset % 2 === 0) return new Uint16Array(bytes.buffer, bytes.byteOffset, count);
  return new Uint16Array(new Uint8Array(bytes.subarray(0, count * 2)).buffer);
}

/**
 * Decodes through the bit patterns of f32: `toBits` writes the patterns of the elements from `first` on.
 * Straight into a Float32Array; through a scratch of one block into a Float64Array.
 */
export function decodeAsF32Bits(out: Values, toBits: (first: number, bits: Int32Array) => void): void {
  if (out instanceof Float32Array) {
    toBits(0, new Int32Array(out.buffer, out.byteOffset, out.length));
    return;
  }
  const scratch = new Float32Array(Math.min(BLOCK, out.length));
  const bits = new Int32Array(scratch.buffer);
  for (let first = 0; first < out.length; first += BLOCK) {
    const count = Math.min(BLOCK, out.length - first);
    toBits(first, bits.subarray(0, count));
    out.set(scratch.subarray(0, count), first);
  }
}

/**
 * Encodes from the bit patterns of f32, a block at a time: `fromBits` writes the stored elements of a block.
 * Values that f32 cannot hold are rounded to odd, so that the second rounding, to a type of at least two
 * bits fewer, gives what one rounding of the f64 value gives.
 *
 * @see Boldo & Melquiond, "Emulation of FMA and correctly rounded sums: proved algorithms using rounding to odd"
 */
export function encodeFromF32Bits<W extends Uint8Array | Uint16Array>(
  values: ArrayLike<number>,
  out: Uint8Array,
  words: W,
  fromBits: (bits: Int32Array, words: W) => void,
): void {
  const exact = new Float64Array(words.length);
  const nearest = new Float32Array(words.length);
  const bits = new Int32Array(nearest.buffer);
  const stored = new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
  for (let first = 0; first < values.length; first += words.length) {
    const count = Math.min(words.length, values.length - first);
    if (values instanceof Float32Array) nearest.set(values.subarray(first, first + count));
    else {
      if (values instanceof Float64Array) exact.set(values.subarray(first, first + count));
      else for (let i = 0; i < count; i += 1) exact[i] = values[first + i]!;
      nearest.set(exact);
      roundToOdd(exact, nearest, bits);
    }
    fromBits(bits.subarray(0, count), words);
    out.set(stored.subarray(0, count * words.BYTES_PER_ELEMENT), first * words.BYTES_PER_ELEMENT);
  }
}

/** Room for one block of 8-bit or 16-bit elements of a tensor with `count` of them. */
export function blockLength(count: number): number {
  return Math.min(BLOCK, count);
}

/** Makes of the f32 nearest to each exact value, given with its pattern, the one that is rounded to odd. */
function roundToOdd(exact: Float64Array, nearest: Float32Array, bits: Int32Array): void {
  for (let i = 0; i < exact.length; i += 1) {
    const value = exact[i]!;
    const rounded = nearest[i]!;
    if (rounded === value || value !== value) continue;
    // Back towards zero if rounding went away from it, then the sticky bit.
    bits[i] = (bits[i]! - Number(Math.abs(rounded) > Math.abs(value))) | 1;
  }
}
