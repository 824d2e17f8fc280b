import { safetensorsFileBytes } from "@lora/io";
import { type Adapter, rewrittenSpecs } from "@lora/peft";
import type { Origin } from "../provenance/provenance.ts";
import { type FactorDType, storedDType } from "./stored-dtype.ts";
import { resizedMetadata } from "./metadata.ts";
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
  { dtype, origin }: { readonly dtype: FactorDType | undefined; readonly origin: Origin },
): (ranks: readonly number[]) => number {
  const params = task.metadata(LONGEST_THRESHOLD);
  return (ranks) => {
    const byName = new Map(adapter.modules.map((module, index) => [module.name, ranks[index] ?? 0]));
    const metadata = resizedMetadata(adapter, ranks, { params, rule: task.choice.title, dtype, origin });
    const planned = rewrittenSpecs(adapter, byName, {
      dtype: (module) => storedDType(module, dtype),
      metadata,
    });
    return safetensorsFileBytes(planned.specs, planned.metadata);
  };
}
