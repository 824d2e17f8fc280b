import { checkAborted } from "@lora/tensor";
import type { ByteSource } from "./byte-source.ts";
import { checkRead, readFailure } from "./check-read.ts";
import { readQueue } from "./read-queue.ts";

/** A slice takes a browser about as long as reading so much: each is opened anew. */
const GAP_BYTES = 2 ** 17;

/** The part of `Blob` that reading takes; a `File` of the browser and Node's `Blob` have it. */
export interface BlobLike {
  readonly size: number;
  slice(from: number, to: number): { arrayBuffer(): Promise<ArrayBuffer> };
}

/**
 * A Blob or File. Only the parts that are asked for are read from the disk behind it; reads that are asked for at once
 * and lie within 128 KB of each other are one slice.
 *
 * @throws LoraError IO, on reading, when the file behind it was changed or removed
 */
export function blobSource(blob: BlobLike, name: string): ByteSource {
  const slice: ByteSource["read"] = async (from, to, signal) => {
    try {
      const bytes = new Uint8Array(await blob.slice(from, to).arrayBuffer());
      return checkRead(bytes, from, to, name);
    } catch (error) {
      throw readFailure(error, name, signal);
    }
  };
  const queued = readQueue(GAP_BYTES, slice);
  return {
    name,
    size: blob.size,
    async read(from, to, signal) {
      checkAborted(signal);
      // What is not there is no matter of its neighbours.
      return to > blob.size ? slice(from, to, signal) : queued(from, to, signal);
    },
  };
}
