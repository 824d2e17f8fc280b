import type { Adapter } from "@lora/peft";
import type { Origin } from "../provenance/provenance.ts";
import { resizedMetadata } from "./metadata.ts";
import type { SizePlan } from "./size-plan.ts";
import type { FactorDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";

/** What the size of a file follows from besides ranks and rule. */
export interface PlannedFile {
  /** Of the type that the factors are stored in. */
  readonly plan: SizePlan;
  readonly dtype: FactorDType | undefined;
  readonly origin: Origin;
}

/** No threshold prints longer than this one. */
const LONGEST_THRESHOLD = -Number.MAX_VALUE;

/**
 * The exact size of the file that given ranks would make: header, padding, alpha tensors and all that is
 * carried over. Only the threshold in the metadata is not known yet; it is counted at its longest.
 */
export function plannedBytes(
  adapter: Adapter,
  task: ResizeTask,
  { plan, dtype, origin }: PlannedFile,
): (ranks: readonly number[]) => number {
  const params = task.metadata(LONGEST_THRESHOLD);
  const note = { params, rule: task.choice.title, dtype, origin };
  return (ranks) => plan.bytes(ranks, resizedMetadata(adapter, ranks, note));
}
