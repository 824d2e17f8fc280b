import { LoraError } from "@lora/tensor";
import type { WrittenModule } from "./_dialect.ts";

/**
 * Refuses a file of PEFT in which some modules would be plain pairs and others what they were.
 *
 * @throws LoraError UNSUPPORTED
 */
export function demandAllPairs(modules: readonly WrittenModule[]): void {
  const kept = modules.filter(({ asPair }) => !asPair);
  if (kept.length === 0) return;
  throw new LoraError(
    "UNSUPPORTED",
    `PEFT has one method a file: ${kept.length} of ${modules.length} modules would stay ${kept[0]!.module.kind}, the others become LoRA`,
    { module: kept[0]!.module.name, advice: "choose lower ranks or another type for all modules" },
  );
}
