import type { Ops, ReduceKind } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import { zeros } from "./create.ts";
import type { Matrix } from "./matrix.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";
import type { ReferenceOperation, ReferenceStorage } from "./reference-operation.ts";
import { matrixOf, misfit, storedLike, typeProblem } from "./reference-operation.ts";

const REDUCTIONS: Readonly<Record<ReduceKind, (values: Matrix["data"]) => number>> = {
  sum,
  sumOfSquares: (values) => dotVectors(values, values),
  maxAbsolute,
};

/** `reduce` of the reference backend, with f64 sums in the order of the elements. */
export const reduce: ReferenceOperation<Ops<ReferenceStorage>["reduce"]> = {
  problem({ x, axis }) {
    if (axis !== undefined && x.shape.length !== 2) return misfit("reduce over an axis takes a matrix", x);
    return typeProblem("reduce", x);
  },
  run({ kind, x, axis }) {
    const { rows, cols, data } = rowsToReduce(x, axis);
    const values = new Float64Array(rows);
    for (let i = 0; i < rows; i++) values[i] = REDUCTIONS[kind](data.subarray(i * cols, (i + 1) * cols));
    return { storage: storedLike(x, values), shape: axis === undefined ? [] : [rows] };
  },
};

/** The elements that become one value, in a row each. */
function rowsToReduce(x: Ops<ReferenceStorage>["reduce"]["x"], axis: 0 | 1 | undefined): Matrix {
  if (axis === undefined) return { rows: 1, cols: x.storage.length, data: x.storage };
  const matrix = matrixOf(x);
  if (axis === 1) return matrix;
  return matrix.rows === 0 ? zeros(matrix.cols, 0) : transpose(matrix);
}

function sum(values: Matrix["data"]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
