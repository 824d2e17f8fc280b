import { LoraError } from "@lora/tensor";
import { checkMatrix } from "./check-matrix.ts";
import { firstNonFinite } from "./first-non-finite.ts";
import type { Matrix } from "./matrix.ts";

/**
 * Refuses a matrix that holds NaN or an infinity: no factorisation means anything then, and most would not end.
 * One pass.
 *
 * @param name what the caller calls the matrix, for the message
 * @throws LoraError NUMERIC with row, column and value of the first such entry; SHAPE as `checkMatrix` does
 */
export function refuseNonFinite(a: Matrix, name: string): void {
  checkMatrix(a, name);
  const at = firstNonFinite(a);
  if (at < 0) return;
  const [row, col, value] = [Math.floor(at / a.cols), at % a.cols, a.data[at]];
  throw new LoraError("NUMERIC", `entry (${row}, ${col}) of \`${name}\` is ${value}`, {
    row,
    col,
    value: String(value),
    advice: "find out what wrote this value; it cannot be factorised around",
  });
}
