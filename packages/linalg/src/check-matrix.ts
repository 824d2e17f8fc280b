import { LoraError } from "@lora/tensor";
import type { AnyMatrix } from "./matrix.ts";

/**
 * Refuses an object whose `data` is not rows × cols long.
 *
 * @param name what the caller calls the matrix, for the message
 * @throws LoraError SHAPE when it is not
 */
export function checkMatrix(a: AnyMatrix, name: string): void {
  const { rows, cols, data } = a;
  if (
    Number.isInteger(rows) &&
    Number.isInteger(cols) &&
    rows >= 0 &&
    cols >= 0 &&
    data.length === rows * cols
  )
    return;
  throw new LoraError("SHAPE", `\`${name}\` says ${rows} × ${cols} and holds ${data.length} values`, {
    rows,
    cols,
    values: data.length,
    advice: "data must hold rows × cols values, row by row",
  });
}
