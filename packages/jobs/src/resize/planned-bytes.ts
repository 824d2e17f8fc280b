import type { Adapter } from "@lora/peft";
import { resizedMetadata } from "./metadata.ts";
import type { SizePlan } from "./size-plan.ts";
import type { ResizeTask } from "./tasks.ts";

/** No threshold prints longer than this one. */
const LONGEST_THRESHOLD = -Number.MAX_VALUE;

/**
 * The exact size of the file that given ranks would make: header, padding, alpha tensors and all that is
 * carried over. Only the threshold in the metadata is not known yet; it is counted at its longest.
 */
export function plannedBytes(
  adapter: Adapter,
  task: ResizeTask,
  plan: SizePlan,
): (ranks: readonly number[]) => number {
  const params = task.metadata(LONGEST_THRESHOLD);
  return (ranks) => plan.bytes(ranks, resizedMetadata(adapter, ranks, params));
}
