import { firstNonFinite } from "@lora/linalg";
import { storedOf } from "./_input.ts";
import type { Metric } from "./_metric.ts";

/** Values that no arithmetic survives. */
export type NonFinite = {
  readonly nan: number;
  readonly infinite: number;
  /** Flat index of the first one in `up`; −1 when there is none. */
  readonly firstInUp: number;
  /** Flat index of the first one in `down`; −1 when there is none. */
  readonly firstInDown: number;
};

/** NaN and ±Infinity in the stored factors. */
export const nonFinite: Metric<NonFinite> = {
  id: "nonFinite",
  title: "stored values that are not finite",
  unit: "values",
  needs: "stored",
  compute(input) {
    const { up, down } = storedOf(input);
    let nan = 0;
    let infinite = 0;
    for (const { data } of [up, down]) {
      for (const value of data) {
        if (Number.isNaN(value)) nan += 1;
        else if (!Number.isFinite(value)) infinite += 1;
      }
    }
    return { nan, infinite, firstInUp: firstNonFinite(up), firstInDown: firstNonFinite(down) };
  },
};
