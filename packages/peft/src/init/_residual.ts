import { type EngineOptions, type Matrix, multiply } from "@lora/linalg";
import type { InitFactors } from "./_initialiser.ts";

export interface ResidualOptions extends EngineOptions {
  /** What the product of the factors is multiplied with. */
  readonly scale: number;
}

/** W − scale · up · down, of the type of W. 2·out·in·r operations. */
export function withoutUpdate(
  weight: Matrix,
  { up, down }: Pick<InitFactors, "up" | "down">,
  { scale, engine }: ResidualOptions,
): Matrix {
  const narrow = weight.data instanceof Float32Array;
  const update = multiply(up, down, { alpha: scale, engine, as: narrow ? "f32" : "f64" });
  return differenceOf(weight, update);
}

/** a − b, of the type of a. */
export function differenceOf(a: Matrix, b: Matrix): Matrix {
  const data = a.data.slice();
  for (let i = 0; i < data.length; i++) data[i]! -= b.data[i]!;
  return { rows: a.rows, cols: a.cols, data };
}
