import { LoraError } from "@lora/tensor";
import type { Adapter, ExtraTensor } from "../adapter.ts";
import { needsBase } from "../plain-delta.ts";

/** Tensors without which a module does something else than its pair. */
const PART_OF_UPDATE = /not handled yet$|^DoRA magnitude$/;

/**
 * Refuses an adapter with updates that are more than a product of two matrices and need the base weight to become one.
 *
 * @throws LoraError UNSUPPORTED naming the kinds
 */
export function refuseUnwritable({ extras, modules, file }: Adapter): void {
  const bound = modules.find(needsBase);
  if (bound !== undefined) {
    const kind = bound.magnitude === undefined ? bound.kind : "DoRA magnitude";
    throw new LoraError("UNSUPPORTED", `${kind} is no plain LoRA without the base weight`, {
      file: file.name,
      module: bound.name,
      advice: "merge it into its base and extract a LoRA from the two: lora merge, lora extract",
    });
  }
  const held = extras.filter(({ why }) => PART_OF_UPDATE.test(why));
  const [first] = held;
  if (first === undefined) return;
  const kinds = [...new Set(held.map(kindOf))];
  throw new LoraError("UNSUPPORTED", `${kinds.join(" and ")} is no plain LoRA without the base weight`, {
    file: file.name,
    tensor: first.name,
    tensors: held.length,
    advice: "merge it into its base and extract a LoRA from the two: lora merge, lora extract",
  });
}

function kindOf({ why }: ExtraTensor): string {
  return why.replace(": not handled yet", "");
}
