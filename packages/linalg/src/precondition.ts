import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { maxAbsolute } from "./ops/max-absolute.ts";
import type { PivotedQr } from "./pivoted-qr.ts";
import { pivotedQr } from "./pivoted-qr.ts";
import { reciprocalPower } from "./reciprocal-power.ts";

/** A matrix made ready for the Jacobi method: its rows sorted, scaled, and factored. */
export interface Preconditioned extends PivotedQr {
  /** Row i of what was factored is row `rowOrder[i]` of the matrix. */
  readonly rowOrder: readonly number[];
  /** The power of two by which the matrix was multiplied, so that its largest entry is near 1. */
  readonly scale: number;
}

/**
 * Sorts the rows by their largest entry before pivoted QR, which keeps the error of every row relative to that
 * row; the scaling keeps squares from overflowing.
 *
 * @param a rows ≥ columns
 * @see Cox & Higham, "Stability of Householder QR factorization for weighted least squares problems" (1998)
 */
export function precondition(engine: Engine, a: Matrix): Preconditioned {
  const { rows, cols, data } = a;
  const scale = reciprocalPower(maxAbsolute(data));
  const largest = Array.from({ length: rows }, (_, i) =>
    maxAbsolute(data.subarray(i * cols, (i + 1) * cols)),
  );
  const rowOrder = largest.map((_, i) => i).sort((i, j) => largest[j] - largest[i]);
  const sorted: Float64Matrix = zeros(rows, cols);
  rowOrder.forEach((from, to) => {
    for (let j = 0; j < cols; j++) sorted.data[to * cols + j] = scale * data[from * cols + j];
  });
  return { ...pivotedQr(engine, sorted), rowOrder, scale };
}
