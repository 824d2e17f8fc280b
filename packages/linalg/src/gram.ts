import { checkMatrix } from "./check-matrix.ts";
import type { EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix } from "./matrix.ts";
import { strided, transposed } from "./ops/strided.ts";
import { referenceEngine } from "./reference-engine.ts";

/** Of what a Gram matrix is made. */
export interface GramOptions extends EngineOptions {
  /** `columns`, aᵀ·a, when left out; `rows` is a·aᵀ. */
  readonly of?: "columns" | "rows" | undefined;
}

/** The inner products of all columns, or rows, with each other: symmetric to the bit, f64 sums, half the work of a product. */
export function gram(
  a: AnyMatrix,
  { of = "columns", engine = referenceEngine }: GramOptions = {},
): Float64Matrix {
  checkMatrix(a, "a");
  return engine.gram(of === "columns" ? strided(a) : transposed(strided(a)));
}
