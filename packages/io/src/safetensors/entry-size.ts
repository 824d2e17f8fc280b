import type { StoredSpec } from "./build-header.ts";
import { entryText, storedBytes } from "./build-header.ts";

/** What a tensor takes of a file. */
export interface EntrySize {
  /** Of its entry in the header, without the digits of its offsets: they depend on what is before it. */
  readonly textBytes: number;
  readonly dataBytes: number;
}

/**
 * What a tensor takes of a file.
 *
 * @throws LoraError as `writeSafetensors` does for what no file can hold
 */
export function entrySize(name: string, spec: StoredSpec): EntrySize {
  const dataBytes = storedBytes(name, spec);
  const text = entryText(name, spec, []);
  // The comma between the two offsets is the one byte that the empty list lacks.
  return { textBytes: new TextEncoder().encode(text).length + 1, dataBytes };
}
