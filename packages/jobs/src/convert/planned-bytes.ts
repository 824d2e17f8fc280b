import type { PlannedModule } from "@lora/peft";
import { moduleBytes } from "../posted.ts";
import { postedSlots } from "./posted-slots.ts";

/** Stored bytes of the modules that a new one is made of. */
export function plannedBytes(planned: PlannedModule): number {
  return postedSlots(planned).modules.reduce((sum, module) => sum + moduleBytes(module), 0);
}
