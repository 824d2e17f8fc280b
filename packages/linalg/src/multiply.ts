import { LoraError } from "@lora/tensor";
import { checkMatrix } from "./check-matrix.ts";
import { zeros } from "./create.ts";
import type { EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix, Matrix } from "./matrix.ts";
import { strided, transposed } from "./ops/strided.ts";
import { referenceEngine } from "./reference-engine.ts";

/** How `multiply` takes its operands, and what it gives. */
export interface MultiplyOptions extends EngineOptions {
  /** Multiply with aᵀ. */
  readonly transA?: boolean | undefined;
  /** Multiply with bᵀ. */
  readonly transB?: boolean | undefined;
  /** Factor of the result; 1 when left out. */
  readonly alpha?: number | undefined;
  /**
   * `f64` when left out. `f32` gives a result of half the size; an engine may then sum factors of 32 bits or less in f32, twice as
   * fast. The reference rounds f64 sums once.
   */
  readonly as?: "f64" | "f32" | undefined;
}

/**
 * alpha · op(a) · op(b), where `op` transposes when asked. 2·m·n·k operations; sums are f64 even where the
 * inputs are f32, unless `as` allows less. NaN and infinities go through as IEEE says.
 *
 * Error: entrywise below (k + 2)·u·|alpha|·|a|·|b|, u = 2⁻⁵³, or 2⁻²⁴ as `f32`.
 *
 * @throws LoraError SHAPE when the inner sizes differ
 */
export function multiply(
  a: AnyMatrix,
  b: AnyMatrix,
  options?: MultiplyOptions & { readonly as?: "f64" | undefined },
): Float64Matrix;
export function multiply(a: AnyMatrix, b: AnyMatrix, options?: MultiplyOptions): Matrix;
export function multiply(a: AnyMatrix, b: AnyMatrix, options: MultiplyOptions = {}): Matrix {
  checkMatrix(a, "a");
  checkMatrix(b, "b");
  const left = options.transA === true ? transposed(strided(a)) : strided(a);
  const right = options.transB === true ? transposed(strided(b)) : strided(b);
  if (left.cols !== right.rows) {
    throw new LoraError(
      "SHAPE",
      `the inner sizes of ${left.rows} × ${left.cols} times ${right.rows} × ${right.cols} differ`,
      { a: [a.rows, a.cols], b: [b.rows, b.cols] },
    );
  }
  const { engine = referenceEngine, as, alpha } = options;
  const [rows, cols] = [left.rows, right.cols];
  const product = as === "f32" ? { rows, cols, data: new Float32Array(rows * cols) } : zeros(rows, cols);
  engine.gemm({ a: left, b: right, c: strided<Matrix["data"]>(product), alpha });
  return product;
}
