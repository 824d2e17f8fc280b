import type { Metric } from "./_metric.ts";

/** ‖ΔW‖_* = Σσ. */
export const nuclear: Metric<number> = {
  id: "nuclear",
  title: "nuclear norm of the update",
  unit: "weight",
  needs: "update",
  compute: ({ update }) => update.s.reduceRight((sum, value) => sum + value, 0),
};
