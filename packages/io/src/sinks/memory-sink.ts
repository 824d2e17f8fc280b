import type { ByteSink } from "./byte-sink.ts";

/** A sink in memory; after `commit`, `bytes` gives what was written. */
export interface MemorySink extends ByteSink {
  /** What was written, or undefined before `commit` and after `abort`. A view, not a copy. */
  readonly bytes: Uint8Array | undefined;
}

/** A file in memory. Room is doubled as it grows; pass the size where it is known. */
export function memorySink(expectedBytes = 0): MemorySink {
  let buffer = new Uint8Array(expectedBytes);
  let length = 0;
  let committed = false;
  return {
    get bytes() {
      return committed ? buffer.subarray(0, length) : undefined;
    },
    async write(position, bytes) {
      const end = position + bytes.length;
      if (end > buffer.length) {
        const larger = new Uint8Array(Math.max(end, buffer.length * 2));
        larger.set(buffer.subarray(0, length));
        buffer = larger;
      }
      buffer.set(bytes, position);
      length = Math.max(length, end);
    },
    async commit() {
      committed = true;
    },
    async abort() {
      if (!committed) buffer = new Uint8Array();
    },
  };
}
