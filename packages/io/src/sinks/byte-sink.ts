/** Where a file is written: nothing is there before `commit`, nothing is left after `abort`. */
export interface ByteSink {
  /** Writes at a position; mostly in order, and once more at the front where a header is patched. */
  write(position: number, bytes: Uint8Array): Promise<void>;
  /** Puts the finished file in its place. */
  commit(): Promise<void>;
  /** Throws away what was written. Harmless after `commit` and when called twice. */
  abort(): Promise<void>;
}

/**
 * Runs `work` on a sink, then commits it; whatever fails leaves nothing behind.
 *
 * @throws what `work` or the sink throws
 */
export async function withSink<T>(sink: ByteSink, work: (sink: ByteSink) => Promise<T>): Promise<T> {
  try {
    const result = await work(sink);
    await sink.commit();
    return result;
  } catch (error) {
    await sink.abort();
    throw error;
  }
}
