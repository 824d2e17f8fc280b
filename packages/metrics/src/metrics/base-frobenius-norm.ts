import { baseOf } from "./_input.ts";
import type { Metric } from "./_metric.ts";

/** ‖W‖_F. */
export const baseFrobeniusNorm: Metric<number> = {
  id: "baseFrobeniusNorm",
  title: "Frobenius norm of the base weight",
  unit: "weight",
  needs: "base",
  compute: (input) => baseOf(input).frobeniusNorm(),
};
