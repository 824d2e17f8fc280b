import type { EngineOptions } from "./engine.ts";
import type { Matrix, MatrixLike } from "./matrix.ts";
import { multiply } from "./multiply.ts";

/** A matrix in memory as something to multiply with. */
export function matrixMap(a: Matrix, { engine }: EngineOptions = {}): MatrixLike {
  const map: MatrixLike = {
    rows: a.rows,
    cols: a.cols,
    multiply: (x) => multiply(a, x, { engine }),
    multiplyTransposed: (x) => multiply(a, x, { transA: true, engine }),
  };
  return engine === undefined ? map : { ...map, hold: (work) => engine.withMatrix(a, map, work) };
}
