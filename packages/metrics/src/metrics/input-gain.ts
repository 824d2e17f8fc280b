import { baseOf } from "./_input.ts";
import { columnNorms } from "./_numbers.ts";
import type { Metric } from "./_metric.ts";

/** ‖W·vᵢ‖: how strongly the base already answers to the input of each pair. One product W·V. */
export const inputGain: Metric<Float64Array> = {
  id: "inputGain",
  title: "what the base does with the input of each pair",
  unit: "weight",
  needs: "base",
  compute: (input) => columnNorms(baseOf(input).timesInputs(input.update.v)),
};
