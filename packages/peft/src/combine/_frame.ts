import {
  columns,
  type EngineOptions,
  type Float64Matrix,
  type Matrix,
  multiply,
  singularValues,
} from "@lora/linalg";
import type { Delta } from "../delta.ts";
import { productsOf } from "./_products-of.ts";

/** Singular values below this part of the largest are no directions of their own: the rounding of f32. */
const LEAST = 2 ** -24;

/** Orthonormal directions that an update writes to and reads, told by its factors. */
export interface Frame {
  readonly delta: Delta;
  /** u = up · left, orthonormal. */
  readonly left: Matrix;
  /** v = downᵀ · right, orthonormal. */
  readonly right: Matrix;
}

/** The directions of an update, without those that are rounding. */
export function frameOf(delta: Delta): Frame {
  const { s, left, right } = delta.spectrum();
  const kept = [...s.keys()].filter((i) => s[i]! > LEAST * s[0]!);
  return { delta, left: columns(left, kept), right: columns(right, kept) };
}

/** UₐᵀU_b and VₐᵀV_b of two updates of one weight, through their factors: O((m + n)·r²). */
export function alignment(
  a: Frame,
  b: Frame,
  { engine }: EngineOptions,
): { readonly outputs: Float64Matrix; readonly inputs: Float64Matrix } {
  const { ups, downs } = productsOf(a.delta, b.delta, { engine });
  const turned = (left: Matrix, middle: Matrix, right: Matrix): Float64Matrix =>
    multiply(multiply(left, middle, { transA: true, engine }), right, { engine });
  return { outputs: turned(a.left, ups, b.left), inputs: turned(a.right, downs, b.right) };
}

/**
 * Principal angles in radians, ascending, from UₐᵀU_b: the arcs of its singular values. Those below 10⁻⁴ are rounding, since the
 * columns are orthonormal to 2⁻²⁷.
 *
 * @see Björck & Golub 1973
 */
export function anglesOf(aligned: Matrix, { engine }: EngineOptions): number[] {
  return Array.from(singularValues(aligned, { engine }), (cosine) => Math.acos(Math.min(1, cosine)));
}
