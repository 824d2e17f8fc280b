import type { Float64Matrix } from "./float64-matrix.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { randomMatrix } from "./random-matrix.ts";
import { lastComponentOf, leadingEigenvalue } from "./leading-eigenvalue.ts";

/** Beside the value; its error is about the square of it. */
const TOLERANCE = 1e-7;

/** Steps between looks at what they have found, which cost as much as a step. */
const STEPS_A_LOOK = 3;

/** A Gram matrix that is not formed, or is. */
export interface GramMap {
  readonly diagonal: Float64Array;
  times(x: Float64Array): Float64Array;
}

/** A matrix that is there. */
export function gramMap(g: Float64Matrix): GramMap {
  const { rows, cols, data } = g;
  return {
    diagonal: Float64Array.from({ length: rows }, (_, i) => data[i * (cols + 1)]),
    times(x) {
      const product = new Float64Array(rows);
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = 0; j < cols; j++) sum += data[i * cols + j] * x[j];
        product[i] = sum;
      }
      return product;
    },
  };
}

/**
 * The spectral norm of l · rᵀ from g = lᵀ·l and h = rᵀ·r, k × k: the root of the largest eigenvalue of g·h, which is symmetric
 * where lengths are √(xᵀ·h·x), by Lanczos steps. Each multiplies with both once; some 10 to 40 of them.
 */
export function spectralNormOfGrams(g: GramMap, h: GramMap): number {
  return Math.sqrt(Math.max(0, largestOfProduct(g, h)));
}

function largestOfProduct(g: GramMap, h: GramMap): number {
  const k = g.diagonal.length;
  const vectors: Float64Array[] = [];
  const images: Float64Array[] = []; // h · vector
  const [diagonal, off]: [number[], number[]] = [[], []];
  let next = startOf(g, h);
  for (let step = 0; step < k; step++) {
    for (let pass = 0; pass < 2; pass++) {
      vectors.forEach((vector, i) => axpy(-dotVectors(images[i], next), vector, next));
    }
    const image = h.times(next);
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
    next = g.times(images[step]);
    diagonal.push(dotVectors(next, images[step]));
  }
  return k === 0 ? 0 : leading(diagonal, off).value;
}

/** Random, each component of a size that makes it count as much as any other. */
function startOf(g: GramMap, h: GramMap): Float64Array {
  const k = g.diagonal.length;
  const start = randomMatrix(k, 1, 0).data;
  for (let i = 0; i < k; i++) {
    const ratio = g.diagonal[i] / h.diagonal[i];
    if (ratio > 0 && Number.isFinite(ratio)) start[i] *= ratio ** 0.25;
  }
  return start;
}

/** The largest eigenvalue of a tridiagonal matrix, and the last component of its vector. */
function leading(diagonal: readonly number[], off: readonly number[]): { value: number; last: number } {
  const matrix = { diagonal: Float64Array.from(diagonal), off: Float64Array.from(off) };
  const { value, row } = leadingEigenvalue(matrix, lastComponentOf(diagonal.length));
  return { value, last: Math.abs(row[0]) };
}
