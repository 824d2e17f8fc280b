import type { Metric } from "./_metric.ts";

/**
 * #{ σᵢ > σ₁ · max(out, in) · 2⁻⁵² }: the pairs above what rounding in doubles leaves of 0, which is the
 * arithmetic of the decomposition whatever the factors are stored in.
 *
 * @see numpy.linalg.matrix_rank, whose tolerance this is
 */
export const numericalRank: Metric<number> = {
  id: "numericalRank",
  title: "numerical rank of the update",
  unit: "pairs",
  needs: "update",
  compute({ update: { u, s, v } }) {
    const tolerance = (s.length > 0 ? s[0] : 0) * Math.max(u.rows, v.rows) * Number.EPSILON;
    return s.reduce((count, value) => (value > tolerance ? count + 1 : count), 0);
  },
};
