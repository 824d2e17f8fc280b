import type { Engine } from "./engine.ts";
import type { MatrixLike } from "./matrix.ts";
import { axpy } from "./ops/axpy.ts";
import { norm } from "./ops/norm.ts";
import { OrthonormalRows } from "./orthonormal-rows.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";

/**
 * A partial bidiagonalisation: map · right = left · B and mapᵀ · left = right · Bᵀ, but for the last beta. The
 * vectors of either side are orthonormal, or zero once they span all that the map reaches.
 */
export interface Bidiagonalisation {
  /** k vectors as long as the map has rows */
  readonly left: OrthonormalRows;
  /** k + 1 vectors as long as the map has columns */
  readonly right: OrthonormalRows;
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
export function beginLanczos(engine: Engine, map: MatrixLike, direction: Float64Array): Bidiagonalisation {
  const first = direction.slice();
  normalise(first);
  const state: Bidiagonalisation = {
    left: new OrthonormalRows(map.rows),
    right: new OrthonormalRows(map.cols),
    alphas: [],
    betas: [],
  };
  state.right.push(first);
  continueLanczos(engine, map, state);
  return state;
}

/** One step more: two products with the map, and a vector more of either side, made orthogonal to all before. */
export function continueLanczos(engine: Engine, map: MatrixLike, state: Bidiagonalisation): void {
  const { left, right, alphas, betas } = state;
  const k = alphas.length;
  const nextLeft = applied(map, "multiply", right.at(k));
  if (k > 0) axpy(-betas[k - 1], left.at(k - 1), nextLeft);
  left.projectOut(engine, nextLeft);
  alphas.push(normalise(nextLeft));
  left.push(nextLeft);
  const nextRight = applied(map, "multiplyTransposed", nextLeft);
  axpy(-alphas[k], right.at(k), nextRight);
  right.projectOut(engine, nextRight);
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
  return new Float64Array(product.data);
}

/** Brings a vector to length 1 unless it is zero. Its length before. */
function normalise(vector: Float64Array): number {
  const length = norm(vector);
  if (length > 0) for (let i = 0; i < vector.length; i++) vector[i] /= length;
  return length;
}
