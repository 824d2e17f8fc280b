import { hypotenuse } from "./hypotenuse.ts";
import { axpy } from "./ops/axpy.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { norm } from "./ops/norm.ts";
import { scale } from "./ops/scale.ts";

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
  const beta = head > 0 ? -length : length;
  scaleDown(tail, head - beta);
  x[0] = beta;
  return (beta - head) / beta;
}

/** x / divisor; the reciprocal of a subnormal would overflow. */
function scaleDown(x: Float64Array, divisor: number): void {
  if (Math.abs(divisor) > 2 ** -1000) return scale(1 / divisor, x);
  for (let i = 0; i < x.length; i++) x[i] /= divisor;
}

/** y ← H·y with the reflector that `makeReflector` left in `reflector` (whose first value is not read). */
export function reflect(reflector: Float64Array, tau: number, y: Float64Array): void {
  if (tau === 0) return;
  const [v, rest] = [reflector.subarray(1), y.subarray(1)];
  const weight = tau * (y[0] + dotVectors(v, rest));
  y[0] -= weight;
  axpy(-weight, v, rest);
}
