import { checkAborted } from "@lora/tensor";
import type { ByteSource } from "./byte-source.ts";
import { checkRead } from "./check-read.ts";

/** A file that is already in memory. Each read gives a copy. */
export function bytesSource(bytes: Uint8Array, name: string): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(from, to, signal) {
      checkAborted(signal);
      return checkRead(new Uint8Array(bytes.subarray(from, to)), from, to, name);
    },
  };
}
