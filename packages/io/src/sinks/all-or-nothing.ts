import type { ByteSink } from "./byte-sink.ts";

/**
 * Runs `work`, which registers each sink it opens with `keep`. When it is done all of them are committed, in
 * that order; when anything fails, all that are not committed yet are aborted.
 *
 * @throws what `work` or a sink throws
 */
export async function allOrNothing<T>(work: (keep: (sink: ByteSink) => ByteSink) => Promise<T>): Promise<T> {
  const sinks: ByteSink[] = [];
  try {
    const result = await work((sink) => {
      sinks.push(sink);
      return sink;
    });
    for (const sink of sinks) await sink.commit();
    return result;
  } catch (error) {
    for (const sink of sinks) await sink.abort();
    throw error;
  }
}
