import { LoraError } from "@lora/tensor";

/**
 * Refuses an option that is no whole number or below its least value.
 *
 * @throws LoraError USAGE
 */
export function requireCount(option: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new LoraError("USAGE", `${option} must be a whole number from ${least} up, not ${value}`, {
    option,
    value,
  });
}
