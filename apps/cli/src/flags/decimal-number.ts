import { LoraError } from "@lora/tensor";

/**
 * Reads the value of a flag as a decimal number. Whether it is in range is for the job to say.
 *
 * @param example shown in the advice
 * @throws LoraError USAGE when it is none
 */
export function decimalNumber(flag: string, example: string): (text: string) => number {
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isFinite(value)) return value;
    throw new LoraError("USAGE", `${flag} takes a number, not "${text}"`, {
      advice: `give a decimal number, e.g. ${flag} ${example}`,
    });
  };
}
