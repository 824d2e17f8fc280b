import { LoraError } from "@lora/tensor";
import type { HalfMatrix, Matrix, MatrixLike } from "./matrix.ts";

/** The types of floats that a matrix can be held in as it is stored. */
export const STORED_TYPES = ["f32", "f16", "bf16"] as const;

/** A type of floats that a matrix can be held in as it is stored. */
export type StoredType = (typeof STORED_TYPES)[number];

/** Whether a matrix can be held in this type as it is stored. */
export function isStoredType(dtype: string): dtype is StoredType {
  return (STORED_TYPES as readonly string[]).includes(dtype);
}

/** Values of 32 bits or less. */
export type StoredMatrix = HalfMatrix | (Matrix & { readonly data: Float32Array });

/** Bytes of a value of each. */
export const STORED_BYTES = { f32: 4, f16: 2, bf16: 2 } as const;

/**
 * A matrix from the bytes of its values, dense and little-endian, without a copy where they are aligned.
 *
 * @throws LoraError SHAPE when they are not those of so many rows and columns
 */
export function storedMatrix(
  bytes: Uint8Array,
  dtype: StoredType,
  [rows, cols]: readonly [rows: number, cols: number],
): StoredMatrix {
  const expected = rows * cols * STORED_BYTES[dtype];
  if (bytes.length !== expected) {
    throw new LoraError(
      "SHAPE",
      `${rows} × ${cols} values of ${dtype} are ${expected} bytes, not ${bytes.length}`,
      { rows, cols, dtype },
    );
  }
  const { buffer, byteOffset } = bytes.byteOffset % STORED_BYTES[dtype] === 0 ? bytes : bytes.slice();
  return dtype === "f32"
    ? { rows, cols, data: new Float32Array(buffer, byteOffset, rows * cols) }
    : { rows, cols, dtype, data: new Uint16Array(buffer, byteOffset, rows * cols) };
}

/** A stored matrix whose bytes are somewhere else, in a file for example. */
export interface StoredSource {
  readonly rows: number;
  readonly cols: number;
  readonly dtype: StoredType;
  /** Fills what it is given with them, dense and little-endian, from byte `from` on (0 when left out); may be asked again. */
  read(into: Uint8Array, from?: number): void;
}

/** The matrix that a source gives, or the one that is there. */
export function readStored(a: StoredMatrix | StoredSource): StoredMatrix {
  if (!("read" in a)) return a;
  const bytes = new Uint8Array(a.rows * a.cols * STORED_BYTES[a.dtype]);
  a.read(bytes);
  return storedMatrix(bytes, a.dtype, [a.rows, a.cols]);
}

/** A matrix in the hands of an engine, as it is stored. Products with several columns are of the type of what they multiply. */
export interface StoredMap extends MatrixLike {
  /** thisᵀ · this · x for one column, sums in f32 (when left out) or f64: the matrix is read once for both products. */
  multiplyNormal(x: Float64Array, as?: "f32" | "f64"): Float64Array;
  /** Σ aᵢⱼ², with f64 sums. */
  sumOfSquares(): number;
  /** Where the first NaN or infinity is, counted row by row; −1 where there is none. */
  firstNonFinite(): number;
}
