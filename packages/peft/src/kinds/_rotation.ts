import type { EngineOptions, Float64Matrix, Matrix } from "@lora/linalg";
import { frobeniusNorm, identity, multiply, scaled, toFloat64, transpose, zeros } from "@lora/linalg";
import { timesInverse } from "../init/_solve-spd.ts";

/** x − xᵀ of each b × b block of a stack. */
export function skewBlocks(data: Matrix["data"], size: number): Float64Matrix[] {
  return stackOf(data, size).map((block) => combined(block, transpose(block), -1));
}

/**
 * (x − xᵀ)/2 of each b × b block of a stack, x brought to a norm of at most `bound` / √n where it is longer, a
 * bound that PEFT has in singles.
 *
 * @see PEFT 0.15 tuners/oft/layer.py `_project_batch`, `_cayley_batch`
 */
export function halfSkewBlocks(data: Matrix["data"], size: number, bound: number): Float64Matrix[] {
  const blocks = stackOf(data, size);
  const most = Math.fround(Math.fround(bound) / Math.fround(Math.sqrt(blocks.length)));
  return blocks
    .map((block) => bounded([block], most)[0]!)
    .map((block) => toFloat64(scaled(combined(block, transpose(block), -1), 0.5)));
}

/** With rows of zeros up to a whole number of blocks. */
export function paddedRows(x: Float64Matrix, block: number): Float64Matrix {
  const rows = Math.ceil(x.rows / block) * block;
  if (rows === x.rows) return x;
  const padded = zeros(rows, x.cols);
  padded.data.set(x.data);
  return padded;
}

/** The b × b matrices that lie one after the other. */
function stackOf(data: Matrix["data"], size: number): Float64Matrix[] {
  const each = size * size;
  return Array.from({ length: data.length / each }, (_, index) => ({
    rows: size,
    cols: size,
    data: Float64Array.from(data.subarray(index * each, (index + 1) * each)),
  }));
}

/**
 * (I + q)·(I − q)⁻¹, which is orthogonal for q = −qᵀ: all of its factors commute, so that it is (I + qᵀq)⁻¹·(I + q)², with
 * a positive definite matrix. Exact to a few ε·(1 + ‖q‖²).
 */
export function cayley(q: Matrix, { engine }: EngineOptions): Float64Matrix {
  const one = identity(q.rows);
  const above = combined(one, q, 1);
  const positive = combined(one, multiply(q, q, { transA: true, engine }), 1);
  return toFloat64(timesInverse(multiply(above, above, { engine }), positive, engine));
}

/**
 * What PEFT puts in place of it: I + 2q + 2q² + … + 2qᵗ⁻² + qᵗ⁻¹, for t terms.
 *
 * @see PEFT tuners/oft/layer.py `_cayley_batch`, whose three terms are its four
 */
export function neumann(q: Matrix, terms: number, { engine }: EngineOptions): Float64Matrix {
  let sum: Float64Matrix = identity(q.rows);
  if (terms <= 1) return sum;
  sum = combined(sum, q, 2);
  let power: Matrix = q;
  const last = terms === 2 ? 1 : Math.max(terms - 1, 3);
  for (let exponent = 2; exponent <= last; exponent++) {
    power = multiply(power, q, { engine });
    sum = combined(sum, power, exponent === last ? 1 : 2);
  }
  return sum;
}

/** The blocks made shorter together, so that √Σ‖q‖_F² is at most `bound`. */
export function bounded(blocks: readonly Float64Matrix[], bound: number): readonly Float64Matrix[] {
  const norm = Math.hypot(...blocks.map((block) => frobeniusNorm(block)));
  return norm <= bound ? blocks : blocks.map((block) => scaled(block, bound / norm));
}

/** Block-diagonal rotation of the rows: rows k·b to (k + 1)·b become block k times them. */
export function rotatedRows(x: Matrix, blocks: readonly Matrix[], { engine }: EngineOptions): Float64Matrix {
  const result = zeros(x.rows, x.cols);
  const size = blocks[0]!.rows;
  for (let first = 0, at = 0; first < x.rows; first += size, at++) {
    const rows = { rows: size, cols: x.cols, data: x.data.subarray(first * x.cols, (first + size) * x.cols) };
    // One block may stand for all.
    const turned = multiply(blocks[at % blocks.length]!, rows, { engine });
    result.data.set(turned.data, first * x.cols);
  }
  return result;
}

/** Row i of the result is row `order[i]` of x. */
export function reordered(x: Matrix, order: readonly number[]): Float64Matrix {
  const result = zeros(x.rows, x.cols);
  order.forEach((from, to) => {
    result.data.set(x.data.subarray(from * x.cols, (from + 1) * x.cols), to * x.cols);
  });
  return result;
}

/** Each row times a value of its own. */
export function scaledRows(x: Matrix, by: Matrix["data"]): Float64Matrix {
  const data = Float64Array.from(x.data, (value, at) => value * by[Math.floor(at / x.cols)]!);
  return { rows: x.rows, cols: x.cols, data };
}

/** a + factor · b */
export function combined(a: Matrix, b: Matrix, factor: number): Float64Matrix {
  return {
    rows: a.rows,
    cols: a.cols,
    data: Float64Array.from(a.data, (value, at) => value + factor * b.data[at]!),
  };
}
