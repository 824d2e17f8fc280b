import { LoraError } from "@lora/tensor";
import type { EngineOptions } from "./engine.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { multiply } from "./multiply.ts";

/**
 * `up · down` as something to multiply with. The product is never formed: each use costs O((m + n)·r).
 *
 * @throws LoraError SHAPE when the inner sizes differ
 */
export function productMap(up: Matrix, down: Matrix, { engine }: EngineOptions = {}): MatrixLike {
  if (up.cols !== down.rows) {
    throw new LoraError(
      "SHAPE",
      `the inner sizes of up · down differ: ${up.rows} × ${up.cols} and ${down.rows} × ${down.cols}`,
      { up: [up.rows, up.cols], down: [down.rows, down.cols] },
    );
  }
  const transposed = { transA: true, engine } as const;
  return {
    rows: up.rows,
    cols: down.cols,
    multiply: (x) => multiply(up, multiply(down, x, { engine }), { engine }),
    multiplyTransposed: (x) => multiply(down, multiply(up, x, transposed), transposed),
  };
}
