import type { Matrix } from "@lora/linalg";
import type { Delta } from "@lora/peft";

/** Pairs of probes; each vector is used in two of them. */
const VECTORS = 32;
const BITS = 2 * VECTORS;

/**
 * What 64 fixed random matrices xᵢ·yⱼᵀ say of an update: its inner products with them. They depend on the path of the weight and on
 * the shape, on nothing else, so that factors, dialects and stored types make no difference but rounding. O((m + n)·32·r).
 *
 * @param path of the module, as `probedPath` gives it
 */
export function probed(delta: Delta, path: string): Float64Array {
  const written = probes(delta.rows, `out:${path}`);
  const read = delta.multiply(probes(delta.cols, `in:${path}`));
  const sums = new Float64Array(BITS);
  for (let at = 0; at < written.data.length; at += VECTORS) {
    for (let j = 0; j < VECTORS; j++) {
      const out = written.data[at + j]!;
      sums[j]! += out * read.data[at + j]!;
      sums[VECTORS + j]! += out * read.data[at + ((j + 1) % VECTORS)]!;
    }
  }
  return sums;
}

/** The part of a canonical target that dialects agree on: they differ on what its component is called. */
export function probedPath(target: string): string {
  return target.slice(target.indexOf("/") + 1);
}

/**
 * A short name for an update, from the sums of its modules' probes: `f1:` (the version of the probes), the signs of the 64 sums in
 * hexadecimal, and log₂‖ΔW‖ to the nearest quarter. A sign differs between two updates at an angle θ with a chance of about θ / π: for the
 * rounding of f64 some 10⁻¹³ for all 64 together, of f32 10⁻⁵, of f16 1 %, of bf16 5 %.
 *
 * @see Charikar 2002, "Similarity estimation techniques from rounding algorithms"
 */
export function fingerprint(sums: Float64Array, norm: number): string {
  if (norm === 0) return "f1:zero";
  let digits = "";
  for (let at = 0; at < BITS; at += 4) {
    const nibble = [0, 1, 2, 3].reduce((value, bit) => 2 * value + (sums[at + bit]! < 0 ? 1 : 0), 0);
    digits += nibble.toString(16);
  }
  return `f1:${digits}:${(Math.round(4 * Math.log2(norm)) / 4 || 0).toFixed(2)}`;
}

/** rows × 32 numbers in [−1, 1), multiples of 2⁻²³, the same for the same name on every engine. */
function probes(rows: number, name: string): Matrix {
  const data = new Float32Array(rows * VECTORS);
  const seed = hash(name);
  for (let i = 0; i < data.length; i++) {
    // SplitMix32: any place of the sequence costs the same.
    let mixed = (seed + Math.imul(i, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    data[i] = ((mixed ^ (mixed >>> 15)) >> 8) * 2 ** -23;
  }
  return { rows, cols: VECTORS, data };
}

/** FNV-1a, of UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value;
}
