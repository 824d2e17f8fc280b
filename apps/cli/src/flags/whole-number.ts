import { LoraError } from "@lora/tensor";

/**
 * Reads the value of a flag as a whole number of 0 or more.
 *
 * @throws LoraError USAGE when it is none
 */
export function wholeNumber(flag: string): (text: string) => number {
  return (text) => {
    if (/^\d{1,15}$/.test(text)) return Number(text);
    throw new LoraError("USAGE", `${flag} takes a whole number, not "${text}"`, {
      advice: `give digits, e.g. ${flag} 16`,
    });
  };
}
