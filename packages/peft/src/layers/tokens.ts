import type { Engine, Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { arrayLike, precisionOf } from "./dense-tensor.ts";

/** A weight as it acts, out × in (a convolution: out × in·k), whichever way round it is stored. */
export interface WeightView {
  readonly matrix: Matrix;
  /** `matrix` is in × out. */
  readonly transposed: boolean;
}

/**
 * What a layer multiplies its weight with, one row a token (a convolution: a place of its output). Every layer that
 * LoRA knows is y = x · Wᵀ on these rows, so that what an adapter does is written once.
 */
export interface Tokens {
  readonly count: number;
  /** x · Wᵀ: count × out */
  times(weight: WeightView): Matrix;
  /** Only these rows, in this order. */
  pick(rows: readonly number[]): Tokens;
  /** These tokens and further rows after them; undefined where there is no multiplying them in one pass. */
  with?(rows: Matrix): Tokens | undefined;
}

/** Rows up to which x is what is kept in the cache, and W what passes by. */
const FEW = 64;

/** Tokens that are rows of values. */
export function rowTokens(x: Matrix, engine: Engine | undefined): Tokens {
  const as = precisionOf(x.data);
  return {
    count: x.rows,
    times: ({ matrix, transposed }) =>
      x.rows > 1 && x.rows <= FEW
        ? turned(multiply(matrix, x, { transA: transposed, transB: true, engine, as }))
        : multiply(x, matrix, { transB: !transposed, engine, as }),
    pick: (rows) => rowTokens(pickRows(x, rows), engine),
    with: (rows) => (precisionOf(rows.data) === as ? rowTokens(below(x, rows), engine) : undefined),
  };
}

/**
 * Tokens that are numbers of columns of W, as an embedding takes them: x is one-hot, and the product a choice.
 *
 * @param columns how many there are
 * @throws LoraError USAGE when an id is not one of them
 */
export function idTokens(ids: ArrayLike<number>, columns: number): Tokens {
  for (let i = 0; i < ids.length; i++) {
    const id = ids[i]!;
    if (Number.isInteger(id) && id >= 0 && id < columns) continue;
    throw new LoraError("USAGE", `token ${i} is ${id}; the embedding has rows 0 to ${columns - 1}`, {
      token: i,
      id,
    });
  }
  return {
    count: ids.length,
    times: ({ matrix, transposed }) => (transposed ? pickRows(matrix, ids) : pickColumns(matrix, ids)),
    pick: (rows) =>
      idTokens(
        rows.map((row) => ids[row]!),
        columns,
      ),
  };
}

/** These rows of a matrix, in this order, as a copy. */
export function pickRows(a: Matrix, rows: ArrayLike<number>): Matrix {
  const data = arrayLike(a.data, rows.length * a.cols);
  for (let i = 0; i < rows.length; i++) {
    data.set(a.data.subarray(rows[i]! * a.cols, (rows[i]! + 1) * a.cols), i * a.cols);
  }
  return { rows: rows.length, cols: a.cols, data };
}

/** aᵀ, of the type of a. */
export function turned({ rows, cols, data }: Matrix): Matrix {
  const result = arrayLike(data, data.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) result[j * rows + i] = data[i * cols + j]!;
  return { rows: cols, cols: rows, data: result };
}

function below(a: Matrix, b: Matrix): Matrix {
  const data = arrayLike(a.data, a.data.length + b.data.length);
  data.set(a.data);
  data.set(b.data, a.data.length);
  return { rows: a.rows + b.rows, cols: a.cols, data };
}

function pickColumns(a: Matrix, columns: ArrayLike<number>): Matrix {
  const data = arrayLike(a.data, columns.length * a.rows);
  for (let i = 0; i < columns.length; i++) {
    for (let j = 0; j < a.rows; j++) data[i * a.rows + j] = a.data[j * a.cols + columns[i]!]!;
  }
  return { rows: columns.length, cols: a.rows, data };
}
