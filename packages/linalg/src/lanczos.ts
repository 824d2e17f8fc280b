import type { MatrixLike } from "./matrix.ts";
import { axpy } from "./ops/axpy.ts";
import { norm } from "./ops/norm.ts";
import { projectOut } from "./project-out.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";

/**
 * A partial bidiagonalisation: map · right = left · B and mapᵀ · left = right · Bᵀ, but for the last beta. The
 * vectors of either side are orthonormal, or zero once they span all that the map reaches.
 */
export interface Bidiagonalisation {
  /** k vectors of the map's rows */
  readonly left: Float64Array[];
  /** k + 1 vectors of the map's columns */
  readonly right: Float64Array[];
  /** k values: the diagonal of B */
  readonly alphas: number[];
  /** k values above the diagonal of B; the last one couples it to what is not in the left basis yet */
  readonly betas: number[];
}

/**
 * Begins with one step from this direction.
 *
 * @throws LoraError NUMERIC when the map gives values that are not finite
 * @see Golub & Kahan, "Calculating the singular values and pseudo-inverse of a matrix" (1965)
 */
export function beginLanczos(map: MatrixLike, direction: Float64Array): Bidiagonalisation {
  const first = direction.slice();
  normalise(first);
  const state: Bidiagonalisation = { left: [], right: [first], alphas: [], betas: [] };
  continueLanczos(map, state);
  return state;
}

/** One step more: two products with the map, and a vector more of either side, made orthogonal to all before. */
export function continueLanczos(map: MatrixLike, state: Bidiagonalisation): void {
  const { left, right, alphas, betas } = state;
  const k = left.length;
  const nextLeft = applied(map, "multiply", right[k]);
  if (k > 0) axpy(-betas[k - 1], left[k - 1], nextLeft);
  projectOut(left, nextLeft);
  alphas.push(normalise(nextLeft));
  left.push(nextLeft);
  const nextRight = applied(map, "multiplyTransposed", nextLeft);
  axpy(-alphas[k], right[k], nextRight);
  projectOut(right, nextRight);
  betas.push(normalise(nextRight));
  right.push(nextRight);
}

function applied(
  map: MatrixLike,
  method: "multiply" | "multiplyTransposed",
  data: Float64Array,
): Float64Array {
  const product = map[method]({ rows: data.length, cols: 1, data });
  refuseNonFinite(product, "the product with the map");
  return Float64Array.from(product.data);
}

/** Brings a vector to length 1 unless it is zero. Its length before. */
function normalise(vector: Float64Array): number {
  const length = norm(vector);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return length;
}
