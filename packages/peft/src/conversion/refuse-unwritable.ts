import { LoraError } from "@lora/tensor";
import type { Adapter, AdapterModule, ExtraTensor } from "../adapter.ts";
import { kindById } from "../kind-of.ts";

/** Tensors without which a module does something else than its pair. */
const PART_OF_UPDATE = /not handled yet$|^DoRA magnitude$/;

/**
 * Refuses an adapter with parts of updates that no module has: what they do is not known.
 *
 * @throws LoraError UNSUPPORTED naming the kinds
 */
export function refuseUnwritable({ extras, modules, file }: Adapter): void {
  const known = new Set(modules.map(({ magnitude }) => magnitude?.name));
  const held = extras.filter(({ why, name }) => PART_OF_UPDATE.test(why) && !known.has(name));
  const [first] = held;
  if (first === undefined) return;
  const kinds = [...new Set(held.map(kindOf))].join(" and ");
  throw new LoraError("UNSUPPORTED", `${kinds} is no plain LoRA without the base weight`, {
    file: file.name,
    tensor: first.name,
    tensors: held.length,
    advice: "merge it into its base and extract a LoRA from the two: lora merge, lora extract",
  });
}

function kindOf({ why }: ExtraTensor): string {
  return why.replace(": not handled yet", "");
}

/** The error for a module whose update is a function of a weight that is not there. */
export function needsItsBase({ name, kind, magnitude }: AdapterModule, file: string): LoraError {
  const what = magnitude === undefined ? kindById(kind).title : "DoRA";
  return new LoraError("UNSUPPORTED", `${what} is no plain LoRA without the weight that it changes`, {
    file,
    module: name,
    advice: "give --base",
  });
}
