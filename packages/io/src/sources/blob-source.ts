import { checkAborted } from "@lora/tensor";
import type { ByteSource } from "./byte-source.ts";
import { checkRead, readFailure } from "./check-read.ts";

/** The part of `Blob` that reading takes; a `File` of the browser and Node's `Blob` have it. */
export interface BlobLike {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * A Blob or File. Only the parts that are asked for are read from the disk behind it.
 *
 * @throws LoraError IO, on reading, when the file behind it was changed or removed
 */
export function blobSource(blob: BlobLike, name: string): ByteSource {
  return {
    name,
    size: blob.size,
    async read(from, to, signal) {
      checkAborted(signal);
      try {
        const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
        return checkRead(bytes, from, to, name);
      } catch (error) {
        throw readFailure(error, name, signal);
      }
    },
  };
}
