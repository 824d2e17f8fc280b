import { baseOf } from "./_input.ts";
import { columnNorms } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** ‖uᵢᵀ·W‖: how strongly the base already writes to the output of each pair. One product Wᵀ·U. */
export const outputGain: Metric<Float64Array> = {
  id: "outputGain",
  title: "what the base sends to the output of each pair",
  unit: "weight",
  needs: "base",
  compute: (input) => columnNorms(baseOf(input).timesOutputs(input.update.u)),
};
