import { LoraError } from "@lora/tensor";

/** Threads each take memory and a start; no machine that this is meant for has more cores. */
const MOST = 256;

/**
 * Reads the value of `--threads`.
 *
 * @throws LoraError USAGE when it is no whole number from 1 to 256
 */
export function threadCount(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST) return count;
  throw new LoraError("USAGE", `--threads takes a whole number from 1 to ${MOST}, not "${text}"`, {
    advice: "give digits, e.g. --threads 2, or leave it out",
  });
}
