import { LoraError } from "@lora/tensor";
import type { BaseWeight } from "../base-weight.ts";
import type { StoredFactors } from "../update.ts";
import type { MetricInput } from "./_metric.ts";

/**
 * The base weight of the input.
 *
 * @throws LoraError MISSING when there is none; SHAPE when it is not the update's size
 */
export function baseOf({ update, base }: MetricInput): BaseWeight {
  if (base === undefined) {
    throw new LoraError(
      "MISSING",
      "this metric compares the update with its base weight, and there is none",
      {
        advice: "give the base model, or leave out the metrics that need it",
      },
    );
  }
  if (base.out !== update.u.rows || base.in !== update.v.rows) {
    throw new LoraError(
      "SHAPE",
      `the base weight is ${base.out} × ${base.in}, the update ${update.u.rows} × ${update.v.rows}`,
      { base: [base.out, base.in], update: [update.u.rows, update.v.rows] },
    );
  }
  return base;
}

/**
 * The factors of the input as they are stored.
 *
 * @throws LoraError MISSING when the update is not stored as a product
 */
export function storedOf({ update }: MetricInput): StoredFactors {
  if (update.stored !== undefined) return update.stored;
  throw new LoraError(
    "MISSING",
    "this metric reads the stored factors, and the update is not stored as a product",
    {
      advice: "leave out the metrics that need stored factors",
    },
  );
}
