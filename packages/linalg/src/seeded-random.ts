import { naturalLogarithm } from "./natural-logarithm.ts";

/** A stream of pseudo-random numbers. */
export interface SeededRandom {
  /** Uniform in [0, 1), a multiple of 2⁻⁵³. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}

/**
 * Pseudo-random numbers from a seed: xoshiro128** (Blackman & Vigna, 2018), its state filled by SplitMix32 from
 * the two halves of the seed; a uniform takes two of its numbers, normals come in pairs from the polar method
 * (Marsaglia & Bray, 1964). The stream is the same to the last bit on every engine: it uses integer
 * arithmetic, + − × ÷ and √, which IEEE 754 fixes, and a logarithm made of those.
 *
 * @param seed any number; those that differ as doubles differ as seeds
 */
export function seededRandom(seed: number): SeededRandom {
  const next = xoshiro(stateOf(seed));
  const uniform = (): number => (next() * 2 ** 21 + (next() >>> 11)) * 2 ** -53;
  let spare: number | undefined;
  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    const { x, y, square } = pointInDisc(uniform);
    const factor = Math.sqrt((-2 * naturalLogarithm(square)) / square);
    spare = y * factor;
    return x * factor;
  };
  return { uniform, normal };
}

/** A uniform point of the unit disc without its centre. */
function pointInDisc(uniform: () => number): { x: number; y: number; square: number } {
  for (;;) {
    const x = 2 * uniform() - 1;
    const y = 2 * uniform() - 1;
    const square = x * x + y * y;
    if (square > 0 && square < 1) return { x, y, square };
  }
}

/** The bits of the seed, mixed by SplitMix32 into four words. */
function stateOf(seed: number): Uint32Array {
  const halves = new Uint32Array(Float64Array.of(seed).buffer);
  let counter = halves[0] ^ Math.imul(halves[1], 0x85ebca6b);
  return Uint32Array.from({ length: 4 }, () => {
    counter = (counter + 0x9e3779b9) | 0;
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  });
}

/** 32-bit unsigned numbers from a state that is not all zero. */
export function xoshiro(state: Uint32Array): () => number {
  let [a, b, c, d] = state;
  return () => {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return result;
  };
}

function rotateLeft(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
