import type { JobContext, TensorFile } from "@lora/tensor";
import { checkAborted, locate } from "@lora/tensor";
import type { ByteSink } from "../sinks/byte-sink.ts";
import { blocksOf } from "./blocks.ts";
import { buildHeader } from "./build-header.ts";
import { sshsHashes, withHashPlaceholders } from "./hashes.ts";

/**
 * Writes a checkpoint as a safetensors file, in the order of its tensors, and returns the bytes it took:
 * those `safetensorsFileBytes` says. Pulls one tensor at a time, large ones by rows, so memory stays at
 * one block of 64 MB (or one tensor without rows). Where the metadata holds `sshs_model_hash` or
 * `sshs_legacy_hash` they are recalculated. Committing the sink is left to the caller.
 *
 * @throws LoraError SHAPE when a tensor gives other bytes than it promised; DTYPE when an opaque one has no
 *   name; ABORTED when the signal is; and what tensors and sink throw
 */
export async function writeSafetensors(
  file: TensorFile,
  sink: ByteSink,
  context: JobContext = {},
): Promise<number> {
  const header = buildHeader(file.tensors, withHashPlaceholders(file.metadata));
  const hashes = sshsHashes(file.tensors, file.metadata);
  const total = header.bytes.length + header.dataBytes;
  let position = 0;
  const append = async (bytes: Uint8Array): Promise<void> => {
    await sink.write(position, bytes);
    position += bytes.length;
    context.onProgress?.({ phase: "writing", done: position, total, unit: "bytes" });
  };
  checkAborted(context.signal);
  await append(header.bytes);
  for (const [name, tensor] of file.tensors) {
    await locate({ tensor: name }, async () => {
      for await (const bytes of blocksOf(tensor, context.signal)) {
        hashes?.update(bytes);
        await append(bytes);
      }
    });
  }
  if (hashes !== undefined) await sink.write(0, buildHeader(file.tensors, hashes.metadata()).bytes);
  return total;
}
