import { columns, type Matrix, scaledColumns, type Svd, transpose } from "@lora/linalg";
import type { InitFactors } from "./_initialiser.ts";

/**
 * up = u·√(σ/s), down = √(σ/s)·vᵀ over the singular triples with these indices, so that s·up·down is their sum.
 *
 * @param scale s > 0
 */
export function splitEvenly({ u, s, v }: Svd, kept: readonly number[], scale: number): InitFactors {
  const weights = kept.map((index) => Math.sqrt(s[index]! / scale));
  const side = (vectors: Matrix): Matrix => scaledColumns(columns(vectors, kept), weights);
  return { up: side(u), down: transpose(side(v)) };
}
