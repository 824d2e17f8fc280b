import type { AnyMatrix, Float64Matrix } from "@lora/linalg";
import { wideMatrix, zeros } from "@lora/linalg";

/** a ⊗ b: entry (i·p + k, j·q + l) is a[i, j]·b[k, l]. */
export function kronecker(first: AnyMatrix, second: AnyMatrix): Float64Matrix {
  const [a, b] = [wideMatrix(first), wideMatrix(second)];
  const result = zeros(a.rows * b.rows, a.cols * b.cols);
  let at = 0;
  for (let i = 0; i < a.rows; i++) {
    for (let k = 0; k < b.rows; k++) {
      for (let j = 0; j < a.cols; j++) {
        const factor = a.data[i * a.cols + j]!;
        for (let l = 0; l < b.cols; l++) result.data[at++] = factor * b.data[k * b.cols + l]!;
      }
    }
  }
  return result;
}
