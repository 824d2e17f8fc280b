import { LoraError } from "@lora/tensor";
import type { Matrix } from "./matrix.ts";

/**
 * Refuses a matrix that is not square.
 *
 * @throws LoraError SHAPE
 */
export function requireSquare(a: Matrix): void {
  if (a.rows === a.cols) return;
  throw new LoraError("SHAPE", `the matrix must be square, not ${a.rows} × ${a.cols}`, {
    a: [a.rows, a.cols],
  });
}
