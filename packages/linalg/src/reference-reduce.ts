import type { ReduceKind, Tensor } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import { zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";

const REDUCTIONS: Readonly<Record<ReduceKind, (values: Matrix["data"]) => number>> = {
  sum,
  sumOfSquares: (values) => dotVectors(values, values),
  maxAbsolute,
};

/** `reduce` of the reference backend: f64 sums of each line of elements that becomes one value. */
export function reduceLines(kind: ReduceKind, x: Tensor<Matrix["data"]>, axis?: 0 | 1): Float64Array {
  const { rows, cols, data } = linesOf(x, axis);
  const values = new Float64Array(rows);
  for (let i = 0; i < rows; i++) values[i] = REDUCTIONS[kind](data.subarray(i * cols, (i + 1) * cols));
  return values;
}

/** The lines as rows of a matrix. */
function linesOf({ shape, storage }: Tensor<Matrix["data"]>, axis?: 0 | 1): Matrix {
  if (axis === undefined) return { rows: 1, cols: storage.length, data: storage };
  const matrix = { rows: shape[0], cols: shape[1], data: storage };
  if (axis === 1) return matrix;
  return matrix.rows === 0 ? zeros(matrix.cols, 0) : transpose(matrix);
}

function sum(values: Matrix["data"]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
