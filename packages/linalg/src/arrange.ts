import { LoraError } from "@lora/tensor";
import { checkMatrix } from "./check-matrix.ts";
import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";

/** Rows transposed together: so many values fill a line of the cache that is written. */
const ROWS = 8;

/** aᵀ, as doubles. */
export function transpose(a: Matrix): Float64Matrix {
  checkMatrix(a, "a");
  const { rows, cols, data } = a;
  const result = zeros(cols, rows);
  for (let first = 0; first < rows; first += ROWS) {
    const last = Math.min(first + ROWS, rows);
    for (let j = 0; j < cols; j++) {
      for (let i = first; i < last; i++) result.data[j * rows + i] = data[i * cols + j];
    }
  }
  return result;
}

/** factor · a, as doubles. */
export function scaled(a: Matrix, factor: number): Float64Matrix {
  checkMatrix(a, "a");
  const result = zeros(a.rows, a.cols);
  for (let i = 0; i < a.data.length; i++) result.data[i] = factor * a.data[i];
  return result;
}

/**
 * Column j times factors[j], as doubles: a · diag(factors).
 *
 * @throws LoraError SHAPE when there is not one factor for each column
 */
export function scaledColumns(a: Matrix, factors: ArrayLike<number>): Float64Matrix {
  checkMatrix(a, "a");
  const { rows, cols, data } = a;
  if (factors.length !== cols) {
    throw new LoraError("SHAPE", `${factors.length} factors are given for ${cols} columns`, {
      factors: factors.length,
      columns: cols,
    });
  }
  const result = zeros(rows, cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) result.data[i * cols + j] = data[i * cols + j] * factors[j];
  }
  return result;
}

/**
 * The columns of `a` with these indices, in this order; an index may repeat.
 *
 * @throws LoraError SHAPE when there is no such column
 */
export function columns(a: Matrix, indices: readonly number[]): Float64Matrix {
  checkMatrix(a, "a");
  for (const index of indices) {
    if (!Number.isInteger(index) || index < 0 || index >= a.cols) {
      throw new LoraError("SHAPE", `there is no column ${index} in ${a.rows} × ${a.cols}`, { column: index });
    }
  }
  const result = zeros(a.rows, indices.length);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < indices.length; j++) {
      result.data[i * indices.length + j] = a.data[i * a.cols + indices[j]];
    }
  }
  return result;
}

/**
 * The matrices side by side: [a b …]. With `stackRows` this sums products: `[b₁ b₂] · [a₁; a₂]` is `b₁·a₁ + b₂·a₂`.
 *
 * @throws LoraError SHAPE when their numbers of rows differ, or there are none
 */
export function stackColumns(parts: readonly Matrix[]): Float64Matrix {
  const first = firstOf(parts);
  for (const part of parts) if (part.rows !== first.rows) throw differ("rows", first.rows, part.rows);
  const cols = parts.reduce((sum, part) => sum + part.cols, 0);
  const result = zeros(first.rows, cols);
  let left = 0;
  for (const { rows, cols: width, data } of parts) {
    for (let i = 0; i < rows; i++)
      result.data.set(data.subarray(i * width, (i + 1) * width), i * cols + left);
    left += width;
  }
  return result;
}

/**
 * The matrices on top of each other: [a; b; …].
 *
 * @throws LoraError SHAPE when their numbers of columns differ, or there are none
 */
export function stackRows(parts: readonly Matrix[]): Float64Matrix {
  const { cols } = firstOf(parts);
  for (const part of parts) if (part.cols !== cols) throw differ("columns", cols, part.cols);
  const result = zeros(
    parts.reduce((sum, part) => sum + part.rows, 0),
    cols,
  );
  let top = 0;
  for (const { rows, data } of parts) {
    result.data.set(data, top * cols);
    top += rows;
  }
  return result;
}

function firstOf(parts: readonly Matrix[]): Matrix {
  parts.forEach((part, index) => checkMatrix(part, `parts[${index}]`));
  const first = parts[0];
  if (first === undefined) throw new LoraError("SHAPE", "there is nothing to stack");
  return first;
}

function differ(what: string, one: number, other: number): LoraError {
  return new LoraError("SHAPE", `the ${what} of the parts differ: ${one} and ${other}`, { one, other });
}
