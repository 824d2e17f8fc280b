import { cholesky, type Engine, type Matrix, referenceEngine, toFloat64, transpose } from "@lora/linalg";

/**
 * x · c⁻¹ for a symmetric positive definite c, by its Cholesky factor and two triangular solves:
 * n³/3 operations and 2·rows·n².
 *
 * @throws LoraError NUMERIC when c is not positive definite
 */
export function timesInverse(x: Matrix, c: Matrix, engine: Engine = referenceEngine): Matrix {
  const l = cholesky(c, { engine });
  const half = { rows: x.rows, cols: x.cols, data: toFloat64(x).data.slice() };
  engine.solveTriangular(half, l); // x · l⁻ᵀ
  // y·l = half is a solve with a transposed lower triangle once the order of rows and columns is turned around.
  const turned = reversed(half, false);
  engine.solveTriangular(turned, reversed(transpose(l), true));
  return reversed(turned, false);
}

/** Columns, and rows where asked, in the opposite order. */
function reversed(
  { rows, cols, data }: Matrix,
  rowsToo: boolean,
): { rows: number; cols: number; data: Float64Array } {
  const result = new Float64Array(data.length);
  for (let i = 0; i < rows; i++) {
    const from = (rowsToo ? rows - 1 - i : i) * cols;
    for (let j = 0; j < cols; j++) result[i * cols + j] = data[from + cols - 1 - j]!;
  }
  return { rows, cols, data: result };
}
