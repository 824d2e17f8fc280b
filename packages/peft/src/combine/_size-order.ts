/** Values in pieces, the same at each call; the pieces are good until the next one. */
export type Pieces = () => Iterable<Float32Array>;

/** Of 31 bits, 15 choose the bin of the first pass and 16 the place in the second. */
const LOW_BITS = 16;
const BINS = 2 ** 15;

/**
 * The sizes |x| at some places in descending order of all values, 0 the largest; exact. Two passes over the values and
 * 256 kB besides: the bits of positive floats are in the order of the floats.
 *
 * @param places ≥ 0 and below the number of values, which are finite
 */
export function sizesAt(pieces: Pieces, places: readonly number[]): number[] {
  const coarse = new Float64Array(BINS);
  eachSize(pieces, (bits) => (coarse[bits >>> LOW_BITS]! += 1));
  const found = places.map((place) => descend(coarse, place));
  const fine = new Map(found.map(({ bin }) => [bin, new Float64Array(2 ** LOW_BITS)]));
  eachSize(pieces, (bits) => {
    const counts = fine.get(bits >>> LOW_BITS);
    if (counts !== undefined) counts[bits & (2 ** LOW_BITS - 1)]! += 1;
  });
  const bits = new Uint32Array(1);
  return found.map(({ bin, rest }) => {
    bits[0] = (bin << LOW_BITS) | descend(fine.get(bin)!, rest).bin;
    return new Float32Array(bits.buffer)[0]!;
  });
}

function eachSize(pieces: Pieces, see: (bits: number) => void): void {
  for (const piece of pieces()) {
    const words = new Uint32Array(piece.buffer, piece.byteOffset, piece.length);
    for (let i = 0; i < words.length; i++) see(words[i]! & 0x7fffffff);
  }
}

/** The bin that holds a place counted from the top, and the place in it. */
function descend(counts: Float64Array, place: number): { readonly bin: number; readonly rest: number } {
  let rest = place;
  let bin = counts.length - 1;
  for (; bin > 0 && rest >= counts[bin]!; bin--) rest -= counts[bin]!;
  return { bin, rest };
}
