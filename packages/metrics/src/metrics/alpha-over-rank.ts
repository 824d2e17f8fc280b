import { storedOf } from "./_input.ts";
import { ratio } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** α / r; the scale that is applied where the file says no α. */
export const alphaOverRank: Metric<number> = {
  id: "alphaOverRank",
  title: "alpha over rank",
  unit: "ratio",
  needs: "stored",
  compute(input) {
    const { up, alpha, scale } = storedOf(input);
    return alpha === undefined ? scale : ratio(alpha, up.cols);
  },
};
