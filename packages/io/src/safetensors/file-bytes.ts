import type { StoredSpec } from "./build-header.ts";
import { buildHeader } from "./build-header.ts";
import { withHashPlaceholders } from "./hashes.ts";

/**
 * The exact size of the safetensors file that would be written from these tensors and metadata, in bytes.
 * Costs as much as building the header: no values are read.
 *
 * @param specs in the order in which they would be written; offsets, and so the header, depend on it
 * @throws LoraError as `writeSafetensors` does for what no file can hold
 */
export function safetensorsFileBytes(
  specs: Iterable<readonly [name: string, spec: StoredSpec]>,
  metadata: ReadonlyMap<string, string> = new Map(),
): number {
  const header = buildHeader(specs, withHashPlaceholders(metadata));
  return header.bytes.length + header.dataBytes;
}
