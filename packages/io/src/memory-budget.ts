import { LoraError } from "@lora/tensor";

/** Estimated bytes that what a file describes may still take. */
export interface Budget {
  left: number;
}

/** Enough for any small checkpoint, whatever it consists of: a thousand tensors without an element. */
const LEAST_BYTES = 4 * 2 ** 20;
/** The rest of four times the file: its bytes are there once as they were read, and once more while they grow. */
const OF_FILE = 2;

/** What the objects made of a file of this size may take beside the bytes that were read. */
export function memoryBudget(fileBytes: number): Budget {
  return { left: OF_FILE * fileBytes + LEAST_BYTES };
}

/**
 * Pays for objects before they are made. Tensors have values: what a real file describes never comes near the budget,
 * and only one made of thousands of entries without values does.
 *
 * @param what names the objects in messages, e.g. `the members of the zip`
 * @throws LoraError FORMAT when nothing is left
 */
export function spend(budget: Budget, bytes: number, what: string): void {
  budget.left -= bytes;
  if (budget.left >= 0) return;
  const error = new LoraError("FORMAT", `${what} take more memory than a file of its size may`, {
    advice: "it is damaged, or made to exhaust memory; a real one can be saved again as safetensors",
  });
  // V8 keeps what the functions on the stack were called on, here all values so far, until the stack is a text.
  String(error.stack);
  throw error;
}
