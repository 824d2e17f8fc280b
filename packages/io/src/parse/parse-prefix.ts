import { LoraError } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";
import { Cursor } from "./cursor.ts";

/** The same bound as that of safetensors: real headers, a vocabulary of 250,000 words among them, take 20 MB. */
export const MAX_PREFIX_BYTES = 100_000_000;

const FIRST_BYTES = 2 ** 16;

/** What lies at the front of a source, and what it is called in messages. */
export interface Prefix<T> {
  readonly what: string;
  /** Bytes that are read first; left out: 64 KB. */
  readonly firstBytes?: number | undefined;
  /** Reads from the start of the source; runs again, with more bytes, when the cursor ran out. */
  parse(cursor: Cursor): T;
}

/**
 * Parses the front of a source when only parsing tells how long it is: a first part, then four times as much as
 * long as that is too little. So it reads, in all, at most a third more than its last request.
 *
 * @throws LoraError FORMAT when the source ends before, or after 100 MB nothing has come of it; as `parse` does
 */
export async function parsePrefix<T>(
  source: ByteSource,
  prefix: Prefix<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let length = prefix.firstBytes ?? FIRST_BYTES; ; length *= 4) {
    const end = Math.min(length, source.size, MAX_PREFIX_BYTES);
    const bytes = await source.read(0, end, signal);
    const cursor = new Cursor(bytes, { what: prefix.what, available: source.size });
    try {
      return prefix.parse(cursor);
    } catch (error) {
      if (!cursor.ranOut || end === source.size) throw error;
      if (end < MAX_PREFIX_BYTES) continue;
      throw new LoraError("FORMAT", `${prefix.what} takes more than ${MAX_PREFIX_BYTES} bytes`, {
        cause: error,
      });
    }
  }
}
