import { type EngineOptions, type Matrix, multiply } from "@lora/linalg";
import { asFloat32 } from "./_as-float32.ts";
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
  const [left, right] = narrow ? [asFloat32(up), asFloat32(down)] : [up, down];
  const rest = multiply(left, right, { alpha: -scale, engine, as: narrow ? "f32" : "f64" });
  // Into the product: weights are large, and a copy costs as much as adding.
  for (let i = 0; i < rest.data.length; i++) rest.data[i]! += weight.data[i]!;
  return rest;
}

/** a − b, of the type of a. */
export function differenceOf(a: Matrix, b: Matrix): Matrix {
  const data = a.data.slice();
  for (let i = 0; i < data.length; i++) data[i]! -= b.data[i]!;
  return { rows: a.rows, cols: a.cols, data };
}
