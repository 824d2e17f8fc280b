import { LoraError } from "@lora/tensor";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { randomMatrix } from "./random-matrix.ts";
import { lastComponentOf, leadingEigenvalue } from "./leading-eigenvalue.ts";

/** Beside the value; its error is about the square of it. */
const TOLERANCE = 1e-7;

/** Steps between looks at what they have found, which cost as much as a step. */
const STEPS_A_LOOK = 3;

/** Norms of a matrix that is not formed. */
export interface GramNorms {
  readonly frobenius: number;
  /** The largest singular value. */
  readonly spectral: number;
}

/**
 * Norms of l · rᵀ from the Gram matrices of its factors, G = lᵀ·l and H = rᵀ·r: ‖·‖_F² = ⟨G, H⟩ = tr(G·H), and the
 * spectral norm is the root of the largest eigenvalue of G·H, found by Lanczos steps in the inner product of H. O(k²) a
 * step, some 10 to 40 of them.
 *
 * Squaring costs half of the digits of what is far below the largest column; a column that is small in one factor
 * and large in the other counts by the product of both.
 *
 * @param g k × k, symmetric, positive semidefinite
 * @param h as g
 * @throws LoraError SHAPE when they are not square and of one size; NUMERIC when a value is not finite
 * @see Golub & Van Loan, Matrix Computations §8.7 and §10.1
 */
export function gramNorms(g: Float64Matrix, h: Float64Matrix): GramNorms {
  const k = g.rows;
  if (![g.cols, h.rows, h.cols].every((size) => size === k)) {
    throw new LoraError(
      "SHAPE",
      `Gram matrices must be square and of one size: ${k} × ${g.cols} and ${h.rows} × ${h.cols}`,
      { g: [g.rows, g.cols], h: [h.rows, h.cols] },
    );
  }
  refuseNonFinite(g, "g");
  refuseNonFinite(h, "h");
  return {
    frobenius: Math.sqrt(Math.max(0, dotVectors(g.data, h.data))),
    spectral: Math.sqrt(Math.max(0, largestOfProduct(g, h))),
  };
}

/** The largest eigenvalue of g·h, which is symmetric where lengths are √(xᵀ·h·x). */
function largestOfProduct(g: Float64Matrix, h: Float64Matrix): number {
  const k = g.rows;
  const vectors: Float64Array[] = [];
  const images: Float64Array[] = []; // h · vector
  const [diagonal, off]: [number[], number[]] = [[], []];
  let next = startOf(g, h);
  for (let step = 0; step < k; step++) {
    for (let pass = 0; pass < 2; pass++) {
      vectors.forEach((vector, i) => axpy(-dotVectors(images[i], next), vector, next));
    }
    const image = timesVector(h, next);
    const length = Math.sqrt(Math.max(0, dotVectors(next, image)));
    if (step > 0) {
      const isLast = length <= Number.EPSILON * Math.max(...diagonal);
      if (isLast || step % STEPS_A_LOOK === 0) {
        const { value, last } = leading(diagonal, off);
        if (isLast || length * last <= TOLERANCE * value) return value;
      }
      off.push(length);
    } else if (length === 0) return 0;
    vectors.push(next.map((each) => each / length));
    images.push(image.map((each) => each / length));
    next = timesVector(g, images[step]);
    diagonal.push(dotVectors(next, images[step]));
  }
  return k === 0 ? 0 : leading(diagonal, off).value;
}

/** Random, each component of a size that makes it count as much as any other. */
function startOf(g: Float64Matrix, h: Float64Matrix): Float64Array {
  const k = g.rows;
  const start = randomMatrix(k, 1, 0).data;
  for (let i = 0; i < k; i++) {
    const ratio = g.data[i * (k + 1)] / h.data[i * (k + 1)];
    if (ratio > 0 && Number.isFinite(ratio)) start[i] *= ratio ** 0.25;
  }
  return start;
}

function timesVector({ rows, cols, data }: Float64Matrix, x: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += data[i * cols + j] * x[j];
    product[i] = sum;
  }
  return product;
}

/** The largest eigenvalue of a tridiagonal matrix, and the last component of its vector. */
function leading(diagonal: readonly number[], off: readonly number[]): { value: number; last: number } {
  const matrix = { diagonal: Float64Array.from(diagonal), off: Float64Array.from(off) };
  const { value, row } = leadingEigenvalue(matrix, lastComponentOf(diagonal.length));
  return { value, last: Math.abs(row[0]) };
}
