import { LoraError } from "@lora/tensor";

/**
 * Checks that a source delivered what it was asked for.
 *
 * @throws LoraError IO when it delivered more or fewer bytes
 */
export function checkRead(bytes: Uint8Array, from: number, to: number, name: string): Uint8Array {
  if (bytes.length === to - from) return bytes;
  throw new LoraError("IO", `bytes ${from} to ${to} were asked for, and ${bytes.length} bytes came`, {
    file: name,
    advice: "the file may have been changed or cut off since it was opened: open it again",
  });
}

/** What a failed read becomes: a `LoraError` stays, a cancelled one is ABORTED, all else is IO. */
export function readFailure(error: unknown, name: string, signal?: AbortSignal): LoraError {
  if (error instanceof LoraError) return error;
  if (signal?.aborted) return new LoraError("ABORTED", "reading was cancelled", { file: name, cause: error });
  const reason = error instanceof Error ? error.message : String(error);
  return new LoraError("IO", `reading failed: ${reason}`, { file: name, cause: error });
}
