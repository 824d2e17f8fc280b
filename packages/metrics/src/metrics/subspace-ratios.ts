import { baseSubspaceFactors } from "./base-subspace-factors.ts";
import { ratio } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** σᵢ / |fᵢ|: large where the update goes a way that the base does not. Infinity where fᵢ is 0. */
export const subspaceRatios: Metric<Float64Array> = {
  id: "subspaceRatios",
  title: "update over base along each pair",
  unit: "ratio",
  needs: "base",
  compute(input) {
    const factors = baseSubspaceFactors.compute(input);
    return input.update.s.map((value, index) => ratio(value, Math.abs(factors[index])));
  },
};
