import type { AnyMatrix } from "@lora/linalg";
import { decode, type DType } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import type { PostedFactors } from "./add-rows.ts";
import { factorIndex, wideUpdate } from "./add-wide.ts";

/** Some rows of a base tensor, and the update whose outputs, or inputs, are measured with it. */
export interface SquaresInput extends Pick<PostedFactors, "axis" | "group"> {
  readonly bytes: Uint8Array;
  readonly dtype: DType;
  readonly left: AnyMatrix;
  readonly right: AnyMatrix;
  readonly alpha: number;
  readonly roundProduct: boolean;
}

/** Σ (w + update)² for each row of a block, or each group of its columns, with f64 sums. */
export const sumSquares: PoolTask<SquaresInput, Float64Array> = {
  name: "squares",
  run(input, engine) {
    const sum = wideUpdate({ ...input, engine });
    const before = sum.slice();
    decode(input.bytes, input.dtype, before);
    const { left, right, axis, group } = input;
    const squares = new Float64Array(axis === "rows" ? left.rows : right.cols / group);
    for (let i = 0; i < sum.length; i++) {
      const value = before[i]! + sum[i]!;
      const at = factorIndex(input, i, right.cols);
      squares[at] = squares[at]! + value * value;
    }
    return squares;
  },
};
