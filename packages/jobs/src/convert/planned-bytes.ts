import type { ConversionPlan, PlannedModule } from "@lora/peft";
import { postedSlots } from "./posted-slots.ts";
import { updateBytes } from "./posted-update.ts";

/** Stored bytes of the modules that a new one is made of, and of the weights that these need. */
export function plannedBytes(planned: PlannedModule, { weights }: Pick<ConversionPlan, "weights">): number {
  return postedSlots(planned).modules.reduce((sum, module) => sum + updateBytes(module, weights), 0);
}
