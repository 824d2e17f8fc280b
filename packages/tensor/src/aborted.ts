import { LoraError } from "./errors.ts";

/**
 * Stops here if the caller cancelled. Long work calls this between its parts.
 *
 * @throws LoraError ABORTED when `signal` is aborted; its reason is the cause
 */
export function checkAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LoraError("ABORTED", "the work was cancelled", { cause: signal.reason });
}
