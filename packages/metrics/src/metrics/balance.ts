import { frobeniusNorm } from "@lora/linalg";
import { storedOf } from "./_input.ts";
import { ratio } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** ‖up‖_F / ‖down‖_F of the stored factors: far from 1, narrow types lose range. 0 before training (up = 0). */
export const balance: Metric<number> = {
  id: "balance",
  title: "norm of up over norm of down",
  unit: "ratio",
  needs: "stored",
  compute(input) {
    const { up, down } = storedOf(input);
    return ratio(frobeniusNorm(up), frobeniusNorm(down));
  },
};
