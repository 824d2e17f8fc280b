import { LoraError } from "@lora/tensor";
import type { CombineOptions } from "./_method.ts";

/** The share of entries that stays: `usual` when left out. */
export function densityOf({ density = 0.5 }: CombineOptions): number {
  demand("density", density, { holds: density > 0 && density <= 1, rule: "above 0 and at most 1" });
  return density;
}

/** Refuses an option that breaks its rule. */
export function demand(
  option: keyof CombineOptions,
  value: number,
  { holds, rule }: { readonly holds: boolean; readonly rule: string },
): void {
  if (holds) return;
  throw new LoraError("USAGE", `${option} must be ${rule}, and is ${value}`, { option, value });
}
