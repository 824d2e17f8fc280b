import { baseOf } from "./_input.ts";
import { ratio } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** σᵢ / σmax(W): each singular value on the scale of its base weight. */
export const svalRatios: Metric<Float64Array> = {
  id: "svalRatios",
  title: "singular values over the spectral norm of the base",
  unit: "ratio",
  needs: "base",
  compute(input) {
    const largest = baseOf(input).spectralNorm().value;
    return input.update.s.map((value) => ratio(value, largest));
  },
};
