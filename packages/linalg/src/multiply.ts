import { LoraError } from "@lora/tensor";
import { checkMatrix } from "./check-matrix.ts";
import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { gemm } from "./ops/gemm.ts";
import { strided, transposed } from "./ops/strided.ts";

/** How `multiply` takes its operands, and what it gives. */
export interface MultiplyOptions {
  /** Multiply with aᵀ. */
  readonly transA?: boolean | undefined;
  /** Multiply with bᵀ. */
  readonly transB?: boolean | undefined;
  /** Factor of the result; 1 when left out. */
  readonly alpha?: number | undefined;
  /** `f32` rounds the result once at the end; sums are f64 in both. Left out: `f64`. */
  readonly as?: "f64" | "f32" | undefined;
}

/**
 * alpha · op(a) · op(b), where `op` transposes when asked. 2·m·n·k operations; sums are f64 even where the
 * inputs are f32. NaN and infinities go through as IEEE says.
 *
 * @throws LoraError SHAPE when the inner sizes differ
 */
export function multiply(
  a: Matrix,
  b: Matrix,
  options?: MultiplyOptions & { readonly as?: "f64" | undefined },
): Float64Matrix;
export function multiply(a: Matrix, b: Matrix, options?: MultiplyOptions): Matrix;
export function multiply(a: Matrix, b: Matrix, options: MultiplyOptions = {}): Matrix {
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
  const product = zeros(left.rows, right.cols);
  gemm(options.alpha ?? 1, left, right, strided(product));
  return options.as === "f32" ? { ...product, data: Float32Array.from(product.data) } : product;
}
