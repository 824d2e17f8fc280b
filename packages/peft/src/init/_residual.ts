import { type EngineOptions, type Matrix, type Product, referenceEngine, toFloat64 } from "@lora/linalg";
import { asFloat32 } from "./_as-float32.ts";
import type { InitFactors } from "./_initialiser.ts";

type Strided = Product["a"];

export interface ResidualOptions extends EngineOptions {
  /** What the product of the factors is multiplied with. */
  readonly scale: number;
}

/** W − scale · up · down, of the type of W. 2·out·in·r operations. */
export function withoutUpdate(
  weight: Matrix,
  { up, down }: Pick<InitFactors, "up" | "down">,
  { scale, engine = referenceEngine }: ResidualOptions,
): Matrix {
  const rest = { rows: weight.rows, cols: weight.cols, data: weight.data.slice() };
  const asWeight = weight.data instanceof Float32Array ? asFloat32 : toFloat64;
  const [a, b] = [asWeight(up), asWeight(down)].map(rowMajor);
  engine.gemm({ a: a!, b: b!, c: rowMajor(rest), alpha: -scale, add: true });
  return rest;
}

/** A matrix as the engine takes it. */
function rowMajor(a: Matrix): Strided {
  return { ...a, rowStep: a.cols, colStep: 1 };
}

/** a − b, of the type of a. */
export function differenceOf(a: Matrix, b: Matrix): Matrix {
  const data = a.data.slice();
  for (let i = 0; i < data.length; i++) data[i]! -= b.data[i]!;
  return { rows: a.rows, cols: a.cols, data };
}
