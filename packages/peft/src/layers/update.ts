import type { Engine, Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import type { DType } from "@lora/tensor";
import type { Factors } from "../delta.ts";
import { precisionOf } from "./dense-tensor.ts";
import { roundedTo } from "./rounding.ts";

/** Values that are formed at once: 8 MB as doubles. */
const BLOCK = 2 ** 20;

/** A piece of an update, in the order in which the weight is stored. */
export interface UpdateBlock {
  /** Index of the first value. */
  readonly from: number;
  readonly values: Matrix["data"];
}

/** An update as factors, and how it becomes values. */
export interface UpdateSource {
  readonly factors: Factors;
  readonly scale: number;
  /** What the values are rounded to. */
  readonly dtype: DType;
  /** The weight is stored as in × out. */
  readonly transposed: boolean;
  readonly engine?: Engine | undefined;
}

/**
 * s·B·A piece by piece, so that merging takes no second weight. Rounded as PEFT on a CPU does: the product in singles
 * (doubles for f64 factors), then times s, then to the type of the factors where that is asked for.
 */
export function* updateBlocks(source: UpdateSource): Generator<UpdateBlock> {
  const { factors, transposed, engine } = source;
  const left = transposed ? flipped(factors.down) : factors.up;
  const right = transposed ? factors.up : factors.down;
  const cols = transposed ? right.rows : right.cols;
  const step = Math.max(1, Math.floor(BLOCK / Math.max(1, cols)));
  const as = precisionOf(factors.up.data);
  const scale = as === "f32" ? Math.fround(source.scale) : source.scale;
  for (let row = 0; row < left.rows; row += step) {
    const rows = Math.min(step, left.rows - row);
    const data = left.data.subarray(row * left.cols, (row + rows) * left.cols);
    const block = multiply({ rows, cols: left.cols, data }, right, { transB: transposed, engine, as });
    for (let i = 0; i < block.data.length; i++) block.data[i] = block.data[i]! * scale;
    yield { from: row * cols, values: roundedTo(block.data, source.dtype) };
  }
}

/** aᵀ of the same type, as a copy. */
function flipped({ rows, cols, data }: Matrix): Matrix {
  const out = data.slice();
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = data[i * cols + j]!;
  return { rows: cols, cols: rows, data: out };
}
