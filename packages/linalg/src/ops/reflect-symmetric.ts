import type { Reflector } from "../engine.ts";
import { axpy } from "./axpy.ts";
import { dotVectors } from "./dot-vectors.ts";

/**
 * a ← H·a·H = a − v·wᵀ − w·vᵀ for H = I − tau·v·vᵀ and a symmetric block of which the upper triangle is kept: `rows`
 * are its rows, and it begins at component `from` of each.
 */
export function reflectSymmetric(
  rows: readonly Float64Array[],
  v: Float64Array,
  w: Float64Array,
  { from, tau }: Reflector,
): void {
  const n = from + rows.length;
  w.fill(0, from);
  for (let i = from; i < n; i++) {
    const right = rows[i - from].subarray(i + 1, n);
    w[i] += tau * (rows[i - from][i] * v[i] + dotVectors(right, v.subarray(i + 1, n)));
    axpy(tau * v[i], right, w.subarray(i + 1, n));
  }
  axpy(
    (-tau / 2) * dotVectors(v.subarray(from, n), w.subarray(from, n)),
    v.subarray(from, n),
    w.subarray(from, n),
  );
  for (let i = from; i < n; i++) {
    const row = rows[i - from].subarray(i, n);
    axpy(-w[i], v.subarray(i, n), row);
    axpy(-v[i], w.subarray(i, n), row);
  }
}
