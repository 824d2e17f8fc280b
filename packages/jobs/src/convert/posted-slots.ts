import type { AdapterModule, PlannedModule } from "@lora/peft";
import type { PostedSlot } from "./convert-module.ts";

/** The modules of the old file that one of the new file has rows of, each once, and the rows. */
export function postedSlots({ slots }: PlannedModule): {
  readonly modules: readonly AdapterModule[];
  readonly slots: readonly PostedSlot[];
} {
  const modules = [...new Set(slots.map(({ module }) => module))];
  return {
    modules,
    // Copies: what is posted to a worker is gone here.
    slots: slots.map(({ module, rows, at }) => ({ module: modules.indexOf(module), rows: rows.slice(), at })),
  };
}
