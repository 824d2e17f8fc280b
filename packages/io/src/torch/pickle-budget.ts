import type { Budget } from "../pickle/machine.ts";

/** Enough for any small checkpoint, whatever it consists of. */
const LEAST_BYTES = 16 * 2 ** 20;

/** What the values of a pickle may take: four times the file it is in. */
export function pickleBudget(fileBytes: number): Budget {
  return { left: 4 * fileBytes + LEAST_BYTES };
}
