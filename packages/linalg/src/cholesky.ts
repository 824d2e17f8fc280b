import { LoraError } from "@lora/tensor";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { requireSquare } from "./require-square.ts";

/**
 * The lower triangular l with l·lᵀ = a, for a symmetric positive definite `a`, of which only the lower triangle
 * is read. n³/3 operations.
 *
 * @throws LoraError NUMERIC when `a` is not positive definite (naming the pivot) or an entry is not finite;
 *   SHAPE when it is not square
 */
export function cholesky(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Float64Matrix {
  refuseNonFinite(a, "a");
  requireSquare(a);
  const l = lowerOf(a);
  const index = engine.cholesky(l);
  if (index === l.rows) return l;
  const pivot = l.data[index * l.cols + index];
  throw new LoraError("NUMERIC", `the matrix is not positive definite: pivot ${index} is ${pivot}`, {
    index,
    pivot,
    advice: "add a small multiple of the identity, or use symmetricEigen",
  });
}

/** As `cholesky`, for a matrix known to be finite: `undefined` when it is not positive definite. */
export function tryCholesky(engine: Engine, a: Matrix): Float64Matrix | undefined {
  const l = lowerOf(a);
  return engine.cholesky(l) === l.rows ? l : undefined;
}

/** A copy, zero above the diagonal. */
function lowerOf({ rows, cols, data }: Matrix): Float64Matrix {
  const l = zeros(rows, cols);
  for (let i = 0; i < rows; i++) l.data.set(data.subarray(i * cols, i * cols + i + 1), i * cols);
  return l;
}
