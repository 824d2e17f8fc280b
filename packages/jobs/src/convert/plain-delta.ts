import type { Engine } from "@lora/linalg";
import { type Delta, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import { type PostedModule, receivedModule } from "../posted.ts";

/** The update of a module as a product of two matrices, whatever kind it is. */
export function plainDelta(posted: PostedModule, engine: Engine): Promise<Delta> {
  return locate({ file: posted.file }, () => loadDelta(receivedModule(posted), { engine }));
}
