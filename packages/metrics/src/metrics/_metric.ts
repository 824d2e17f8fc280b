import type { BaseWeight } from "../base-weight.ts";
import type { Update } from "../update.ts";

/** What a metric reads: the decomposed update, the factors as stored, or the weight they change. */
export type MetricNeed = "update" | "stored" | "base";

/** In what a metric is measured. `weight`: in the units of W and ΔW, α included. */
export type MetricUnit = "weight" | "ratio" | "pairs" | "values" | "index" | "flag";

/** A number, one number for each singular pair (or index), a few named numbers, or yes and no. */
export type MetricValue = number | Float64Array | Readonly<Record<string, number>> | boolean;

export interface MetricInput {
  readonly update: Update;
  readonly base?: BaseWeight | undefined;
}

/** A fact about an update: one file of this folder. Values are never NaN; a zero update has defined ones. */
export interface Metric<V extends MetricValue = MetricValue> {
  readonly id: string;
  /** What it is, as a short phrase for tables. */
  readonly title: string;
  readonly unit: MetricUnit;
  readonly needs: MetricNeed;
  /**
   * @throws LoraError MISSING when `needs` is not there; SHAPE when update and base differ in size
   */
  compute(input: MetricInput): V;
}
