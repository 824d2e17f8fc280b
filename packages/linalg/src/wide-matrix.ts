import type { AnyMatrix, Matrix } from "./matrix.ts";
import { strided, widened } from "./ops/strided.ts";

/** The same matrix with values that can be looked at: those of sixteen bits as f32, exactly. Others are not copied. */
export function wideMatrix(a: AnyMatrix): Matrix {
  return { rows: a.rows, cols: a.cols, data: widened(strided(a)).data };
}
