import type { EngineOptions } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { singularValues } from "./svd.ts";

/** When a singular value counts as zero. */
export interface RankOptions extends EngineOptions {
  /** Absolute: values up to this are zero. Left out: the rule of numpy. */
  readonly tolerance?: number | undefined;
}

/**
 * How many singular values are above the tolerance; numpy's rule when none is given: σ₁ · max(m, n) · ε, with the
 * ε of the type the entries are stored in. The cost is that of `singularValues`.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 */
export function matrixRank(a: Matrix, options: RankOptions = {}): number {
  const values = singularValues(a, options);
  const tolerance = options.tolerance ?? (values[0] ?? 0) * relativeTolerance(a);
  return values.filter((value) => value > tolerance).length;
}

/** max(m, n) · ε: below this share of the largest, a singular value is rounding (numpy's rule). */
export function relativeTolerance(a: Matrix): number {
  const epsilon = a.data instanceof Float32Array ? 2 ** -23 : Number.EPSILON;
  return Math.max(a.rows, a.cols) * epsilon;
}
