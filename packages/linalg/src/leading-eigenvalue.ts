import { tridiagonalEigen } from "./tridiagonal-eigen.ts";
import type { Tridiagonal } from "./tridiagonalise.ts";

/** The largest eigenvalue of a tridiagonal matrix, and what became of its row. */
export interface LeadingEigenvalue {
  readonly value: number;
  readonly row: Float64Array;
}

/**
 * The largest eigenvalue of a symmetric tridiagonal matrix.
 *
 * @param startOf row i of what is rotated along: of the identity for the eigenvector, of a column of it for that
 *   component
 */
export function leadingEigenvalue(
  matrix: Tridiagonal,
  startOf: (index: number) => Float64Array,
): LeadingEigenvalue {
  const rows = Array.from(matrix.diagonal, (_, index) => startOf(index));
  const values = tridiagonalEigen(matrix, rows);
  const first = values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
  return { value: values[first], row: rows[first] };
}

/** Rows whose only component becomes the last one of each eigenvector. */
export function lastComponentOf(size: number): (index: number) => Float64Array {
  return (index) => Float64Array.of(index === size - 1 ? 1 : 0);
}
