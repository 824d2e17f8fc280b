import { frobeniusNorm } from "@lora/linalg";
import type { Metric } from "./_metric.ts";

/** ‖ΔW‖_F = √Σσ². */
export const frobenius: Metric<number> = {
  id: "frobenius",
  title: "Frobenius norm of the update",
  unit: "weight",
  needs: "update",
  compute: ({ update: { s } }) => frobeniusNorm({ rows: 1, cols: s.length, data: s }),
};
