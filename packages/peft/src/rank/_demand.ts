import { LoraError } from "@lora/tensor";

/**
 * Refuses an option whose value breaks its rule.
 *
 * @param rule what the value must be, e.g. `above 0 and at most 1`
 * @throws LoraError USAGE unless `holds`
 */
export function demand(holds: boolean, option: string, rule: string, value: unknown): void {
  if (!holds)
    throw new LoraError("USAGE", `${option} must be ${rule}, it is ${String(value)}`, { option, value });
}

/**
 * Refuses a rank that is not a whole number of at least one.
 *
 * @throws LoraError USAGE
 */
export function demandRank(option: string, value: number): void {
  demand(Number.isInteger(value) && value >= 1, option, "a whole number, at least 1", value);
}

/**
 * Refuses a count that is not a whole number, or below the least there may be.
 *
 * @throws LoraError USAGE
 */
export function demandCount(option: string, value: number, least: number): void {
  demand(Number.isInteger(value) && value >= least, option, `a whole number from ${least} up`, value);
}

/**
 * Refuses a share that is not in (0, 1].
 *
 * @throws LoraError USAGE
 */
export function demandShare(option: string, value: number): void {
  demand(value > 0 && value <= 1, option, "above 0 and at most 1", value);
}
