import { baseOf } from "./_input.ts";
import type { Metric } from "./_metric.ts";

/** σmax(W). The residual of the iteration is in `BaseWeight.spectralNorm()`. */
export const baseSpectralNorm: Metric<number> = {
  id: "baseSpectralNorm",
  title: "spectral norm of the base weight",
  unit: "weight",
  needs: "base",
  compute: (input) => baseOf(input).spectralNorm().value,
};
