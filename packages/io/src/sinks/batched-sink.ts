import type { ByteSink } from "./byte-sink.ts";

/** Bytes that are gathered before they are written. */
const BATCH_BYTES = 2 ** 20;

/**
 * The same sink, with small writes that follow each other gathered to larger ones: a write by the system costs as much
 * as copying some hundred KB. An error may show at a later write than the one that it concerns, or at the commit.
 */
export function batchedSink(sink: ByteSink): ByteSink {
  const batch = new Uint8Array(BATCH_BYTES);
  let position = 0;
  let length = 0;
  const flush = async (): Promise<void> => {
    if (length === 0) return;
    const bytes = batch.subarray(0, length);
    length = 0;
    await sink.write(position, bytes);
  };
  return {
    path: sink.path,
    async write(at, bytes) {
      if (at !== position + length || length + bytes.length > BATCH_BYTES) {
        await flush();
        position = at;
      }
      if (bytes.length > BATCH_BYTES) return sink.write(at, bytes);
      batch.set(bytes, length);
      length += bytes.length;
    },
    async commit() {
      await flush();
      await sink.commit();
    },
    abort: () => sink.abort(),
  };
}
