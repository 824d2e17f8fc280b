import type { DType } from "../dtypes.ts";
import { LoraError } from "../errors.ts";
import type { Codec, Values } from "./_codec.ts";

type IntegerArray = Int8Array | Int16Array | Int32Array | Uint8Array | Uint16Array | Uint32Array;

/** The typed array that holds an integer type of up to 32 bits. */
export interface IntegerArrayType {
  readonly BYTES_PER_ELEMENT: number;
  new (length: number): IntegerArray;
}

/** The whole numbers that an integer type can hold; `below` itself it cannot. */
export interface IntegerRange {
  readonly dtype: DType;
  readonly least: number;
  readonly below: number;
}

/** The codec of an integer type of up to 32 bits. */
export function integer(ArrayType: IntegerArrayType, range: IntegerRange): Codec {
  return {
    dtype: range.dtype,
    decode(bytes, out) {
      const values = new ArrayType(out.length);
      asBytes(values).set(bytes.subarray(0, values.byteLength));
      out.set(values);
    },
    encode(values, out) {
      checkWhole(values, range);
      const stored = new ArrayType(values.length);
      stored.set(values);
      out.set(asBytes(stored));
    },
  };
}

/**
 * The codec of a 64-bit integer type, in two 32-bit words. Decoding rounds magnitudes above 2⁵³ to the
 * nearest f64; two's complement needs no other treatment than that of the upper word.
 */
export function integer64(UpperType: typeof Int32Array | typeof Uint32Array, range: IntegerRange): Codec {
  return {
    dtype: range.dtype,
    decode(bytes, out) {
      const words = new Uint32Array(new Uint8Array(bytes.subarray(0, out.length * 8)).buffer);
      decode64(words, new UpperType(words.buffer), out);
    },
    encode(values, out) {
      checkWhole(values, range);
      const words = new Uint32Array(values.length * 2);
      for (let i = 0; i < values.length; i += 1) {
        const upper = Math.floor(values[i]! / 2 ** 32);
        words[2 * i] = values[i]! - upper * 2 ** 32;
        words[2 * i + 1] = upper;
      }
      out.set(asBytes(words));
    },
  };
}

function decode64(lower: Uint32Array, upper: Int32Array | Uint32Array, out: Values): void {
  for (let i = 0; i < out.length; i += 1) out[i] = upper[2 * i + 1]! * 2 ** 32 + lower[2 * i]!;
}

/** @throws LoraError NUMERIC naming the first value that is not a whole number of the range */
export function checkWhole(values: ArrayLike<number>, { dtype, least, below }: IntegerRange): void {
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i]!;
    if (value >= least && value < below && Math.trunc(value) === value) continue;
    throw new LoraError(
      "NUMERIC",
      `element ${i} is ${value}; ${dtype} holds whole numbers from ${least} to below ${below}`,
      { dtype, index: i, value, advice: "store these values in a float type, or round and clamp them first" },
    );
  }
}

function asBytes(values: IntegerArray): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
