import type { Metric } from "./_metric.ts";

/** Whether the update changes nothing at all. */
export const zeroModule: Metric<boolean> = {
  id: "zeroModule",
  title: "the update is zero",
  unit: "flag",
  needs: "update",
  compute: ({ update }) => update.s.every((value) => value === 0),
};
