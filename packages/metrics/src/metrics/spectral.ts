import type { Metric } from "./_metric.ts";

/** σ₁(ΔW): how much the update stretches the input it stretches most. */
export const spectral: Metric<number> = {
  id: "spectral",
  title: "spectral norm of the update",
  unit: "weight",
  needs: "update",
  compute: ({ update: { s } }) => (s.length > 0 ? s[0] : 0),
};
