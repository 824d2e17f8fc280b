import { hex } from "@lora/io";
import { type FilePlace, LoraError, type TensorFile } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";

/** Bytes that are read and hashed at a time. */
const BLOCK_BYTES = 2 ** 20;

/** Bytes of a file, one behind the other. */
export interface FileSpan {
  readonly place: FilePlace;
  readonly length: number;
}

/** SHA-256 of bytes of files, in 64 hexadecimal digits: in a worker, which keeps one block of them. */
export const hashSpans: PoolTask<readonly FileSpan[], string> = {
  name: "hash-spans",
  run(spans, _, { files }) {
    if (files === undefined) throw new LoraError("UNSUPPORTED", "this worker does not reach files");
    const hash = files.sha256();
    const memory = new Uint8Array(BLOCK_BYTES);
    for (const { place, length } of spans) {
      for (let done = 0; done < length; done += BLOCK_BYTES) {
        const bytes = memory.subarray(0, Math.min(BLOCK_BYTES, length - done));
        files.read({ ...place, position: place.position + done }, bytes);
        hash.update(bytes);
      }
    }
    return hex(hash.digest());
  },
};

/** Where all values of a file lie, in its order; undefined where some are not to be had in open files. */
export function spansOf({ tensors }: TensorFile): FileSpan[] | undefined {
  const spans: FileSpan[] = [];
  for (const { place, byteLength } of tensors.values()) {
    if (place === undefined) return undefined;
    const last = spans.at(-1);
    const continues =
      last?.place.descriptor === place.descriptor && last.place.position + last.length === place.position;
    if (continues) spans[spans.length - 1] = { place: last.place, length: last.length + byteLength };
    else spans.push({ place, length: byteLength });
  }
  return spans;
}
