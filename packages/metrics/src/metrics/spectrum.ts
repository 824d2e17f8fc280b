import type { Metric } from "./_metric.ts";

/** σ₁ ≥ σ₂ ≥ … of ΔW. */
export const spectrum: Metric<Float64Array> = {
  id: "spectrum",
  title: "singular values of the update",
  unit: "weight",
  needs: "update",
  compute: ({ update }) => update.s,
};
