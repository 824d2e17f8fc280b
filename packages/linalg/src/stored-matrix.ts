import { LoraError } from "@lora/tensor";
import type { MatrixLike } from "./matrix.ts";

/** The types in which a matrix can be held as it is stored. */
export const STORED_TYPES = ["f32", "f16", "bf16"] as const;

/** A type in which a matrix can be held as it is stored. */
export type StoredType = (typeof STORED_TYPES)[number];

/** A dense matrix as it lies in a file: row-major, little-endian. */
export interface StoredMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly dtype: StoredType;
  readonly bytes: Uint8Array;
}

/** A stored matrix in the hands of an engine. Products with several columns are of the type of what they multiply. */
export interface StoredMap extends MatrixLike {
  /** thisᵀ · this · x for one column, sums in f32: the matrix is read once for both products. */
  multiplyNormal(x: Float64Array): Float64Array;
  /** Σ aᵢⱼ², with f64 sums. */
  sumOfSquares(): number;
  /** Where the first NaN or infinity is, counted row by row; −1 where there is none. */
  firstNonFinite(): number;
}

/** Bytes of a stored value. */
export function storedBytes(dtype: StoredType): number {
  return dtype === "f32" ? 4 : 2;
}

/** @throws LoraError SHAPE when the bytes are not those of so many rows and columns */
export function checkStored({ rows, cols, dtype, bytes }: StoredMatrix): void {
  const expected = rows * cols * storedBytes(dtype);
  if (bytes.length === expected) return;
  throw new LoraError(
    "SHAPE",
    `${rows} × ${cols} values of ${dtype} are ${expected} bytes, not ${bytes.length}`,
    {
      rows,
      cols,
      dtype,
    },
  );
}
