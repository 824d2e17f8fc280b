import type { Float64Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";

/**
 * W with each output, or each input (of a convolution all of its kernel), times a value of its own.
 *
 * @throws LoraError SHAPE when there are not as many values as outputs or inputs
 */
export function onAxis(
  w: Float64Matrix,
  by: Float64Array,
  { onInput, tensor }: { readonly onInput: boolean; readonly tensor: string },
): Float64Matrix {
  const group = w.cols / by.length;
  if (onInput ? !Number.isInteger(group) : by.length !== w.rows) {
    throw new LoraError(
      "SHAPE",
      `${by.length} values scale the ${onInput ? "inputs" : "outputs"} of a weight of ${w.rows} × ${w.cols}`,
      { tensor, values: by.length, base: [w.rows, w.cols] },
    );
  }
  const factor = (at: number): number =>
    by[onInput ? Math.floor((at % w.cols) / group) : Math.floor(at / w.cols)]!;
  return { rows: w.rows, cols: w.cols, data: w.data.map((value, at) => value * factor(at)) };
}
