import { decode } from "@lora/tensor";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { AnyMatrix, HalfMatrix, HalfType, Matrix } from "../matrix.ts";

/**
 * A matrix inside an array: element (i, j) is `data[i * rowStep + j * colStep]`. Transposing swaps the steps
 * and a block begins further on, so that the kernels know neither transpositions nor offsets. One of the
 * steps is always 1, because every one of these is made from a row-major matrix.
 */
export interface Strided<D extends Matrix["data"] = Matrix["data"]> {
  readonly rows: number;
  readonly cols: number;
  readonly data: D;
  readonly rowStep: number;
  readonly colStep: number;
}

/** The same of the bits of sixteen-bit values. */
export interface StridedHalf extends Omit<Strided, "data"> {
  readonly data: Uint16Array;
  readonly dtype: HalfType;
}

/** What products read. */
export type Operand = Strided | StridedHalf;

/** The whole of a row-major matrix. No copy. */
export function strided<D extends Matrix["data"]>(a: Matrix & { readonly data: D }): Strided<D>;
export function strided(a: HalfMatrix): StridedHalf;
export function strided(a: AnyMatrix): Operand;
export function strided(a: AnyMatrix): Operand {
  return { ...a, rowStep: a.cols, colStep: 1 };
}

/** aᵀ. No copy. */
export function transposed<A extends Operand>(a: A): A {
  return { ...a, rows: a.cols, cols: a.rows, rowStep: a.colStep, colStep: a.rowStep };
}

/** Rows `rows[0]` to `rows[1]` and columns `cols[0]` to `cols[1]` (exclusive) of `a`. No copy. */
export function block<A extends Operand>(
  a: A,
  rows: readonly [from: number, to: number],
  cols: readonly [from: number, to: number],
): A {
  const data = a.data.subarray(rows[0] * a.rowStep + cols[0] * a.colStep);
  return { ...a, rows: rows[1] - rows[0], cols: cols[1] - cols[0], data };
}

/** The same values, those of sixteen bits as f32. */
export function widened(a: Operand): Strided {
  if (!("dtype" in a)) return a;
  const { dtype, ...view } = a;
  const data = new Float32Array(a.data.length);
  decode(new Uint8Array(a.data.buffer, a.data.byteOffset, a.data.byteLength), dtype, data);
  return { ...view, data };
}

/** The same values as doubles, row by row. */
export function copied({ rows, cols, data, rowStep, colStep }: Strided): Float64Matrix {
  const result = new Float64Array(rows * cols);
  if (rowStep === cols && colStep === 1) result.set(data.subarray(0, result.length));
  else {
    for (let i = 0, to = 0; i < rows; i++) {
      for (let j = 0, from = i * rowStep; j < cols; j++, from += colStep) result[to++] = data[from];
    }
  }
  return { rows, cols, data: result };
}

/** The same values with doubles rounded to f32; anything else as it is. */
export function narrowed(a: Operand): Operand {
  return a.data instanceof Float64Array ? { ...a, data: Float32Array.from(a.data) } : a;
}
