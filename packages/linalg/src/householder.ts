import { hypotenuse } from "./hypotenuse.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";

/** Vectors shorter than this are scaled up first: a subnormal has few digits, and no reciprocal. */
const LEAST = 2 ** -900;

/**
 * Finds H = I − tau·v·vᵀ with H·x = (±‖x‖, 0, …, 0)ᵀ and v₀ = 1. Leaves ±‖x‖ in x₀ and the rest of v after it.
 * The sign is the one that does not cancel (LAPACK dlarfg).
 *
 * @returns tau; 0 when x is a multiple of e₀ already, so that H = I
 */
export function makeReflector(x: Float64Array): number {
  const tail = x.subarray(1);
  const tailNorm = norm(tail);
  if (tailNorm === 0) return 0;
  const head = x[0];
  const length = hypotenuse(head, tailNorm);
  if (length < LEAST) {
    scale(1 / LEAST, x);
    const tau = makeReflector(x);
    x[0] *= LEAST;
    return tau;
  }
  const beta = head > 0 ? -length : length;
  scale(1 / (head - beta), tail);
  x[0] = beta;
  return (beta - head) / beta;
}

/** y ← H·y with the reflector that `makeReflector` left in `reflector` (whose first value is not read). */
export function reflect(reflector: Float64Array, tau: number, y: Float64Array): void {
  if (tau === 0) return;
  const [v, rest] = [reflector.subarray(1), y.subarray(1)];
  const weight = tau * (y[0] + dotVectors(v, rest));
  y[0] -= weight;
  axpy(-weight, v, rest);
}
