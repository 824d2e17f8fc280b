import type { Turn } from "./engine.ts";
import { hypotenuse } from "./hypotenuse.ts";

/** The turn that makes two vectors orthogonal, by no more than 45°, of these squared lengths and this inner product, not 0. */
export function jacobiTurn(squareI: number, squareJ: number, product: number): Turn & { readonly t: number } {
  const zeta = (squareJ - squareI) / (2 * product);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + hypotenuse(1, zeta));
  const c = 1 / hypotenuse(1, t);
  return { c, s: c * t, t };
}
