import { locate } from "@lora/tensor";
import type { AdapterModule } from "./adapter.ts";
import type { Delta } from "./delta.ts";
import type { LoadOptions } from "./kinds/_kind.ts";
import { kindById } from "./kind-of.ts";

/**
 * Reads the update of a module, scale included. Costs one read of its tensors.
 *
 * @throws LoraError NUMERIC naming tensor and index when a value is NaN or infinite; DTYPE when a factor cannot
 *   be decoded
 */
export async function loadDelta(module: AdapterModule, options?: LoadOptions): Promise<Delta> {
  return locate({ module: module.name }, () => kindById(module.kind).load(module, options));
}
