import { checkAborted } from "@lora/tensor";
import type { ByteSource } from "../byte-source.ts";
import { checkRead } from "../check-read.ts";
import { type HttpClient, httpClient } from "./http-client.ts";
import type { HttpOptions, Traffic } from "./http-options.ts";
import { openRemote } from "./open-remote.ts";
import { parsedUrl } from "./parsed-url.ts";
import { readQueue } from "../read-queue.ts";
import { readRange } from "./read-range.ts";

/** What a server sends in the time that a request takes. */
const GAP_BYTES = 2 ** 15;

/** A file behind a URL. */
export interface HttpSource extends ByteSource {
  /** Counts up with each request. */
  readonly traffic: Traffic;
  /** What tells this state of the file from others, as far as the server says: size and entity tag, or date. */
  readonly state: string;
}

/**
 * A file behind a URL, read by range requests. Opening costs one request, which brings the first 64 KB; they are kept.
 * Reads that are asked for at once and lie within 32 KB of each other are one request. Failures that pass (429, 5xx,
 * broken connections) are waited out and the rest is asked for again.
 *
 * Each answer must be a part of the file as it was opened: same size, same entity tag or date, the bytes that were asked
 * for. Where a server tells neither tag nor date, a file that is replaced by one of the same size goes unnoticed.
 *
 * @throws LoraError USAGE when this is no http address; MISSING when nothing is there; IO when the server refuses, cannot be reached or, on
 *   reading, has another file; UNSUPPORTED when it tells no size, or has no range requests and the file is larger than
 *   `maxWholeBytes`; ABORTED when the signal is
 * @see RFC 9110 §13 (conditional requests), §14 (range requests)
 */
export async function httpSource(url: string, options: HttpOptions = {}): Promise<HttpSource> {
  const place = parsedUrl(url);
  const headers = { ...place.headers, ...options.headers };
  return clientSource(httpClient(new URL(place.url).origin, { ...options, headers }), place, options.signal);
}

/** The same with the client of several files, which share its places and its count. */
export async function clientSource(
  client: HttpClient,
  place: { readonly url: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<HttpSource> {
  const file = await openRemote(client, place, signal);
  const { name, size, head, validators } = file;
  const fetched = readQueue(GAP_BYTES, async (from, to, readSignal, into) => {
    const length = to - from;
    const memory =
      into !== undefined && into.length >= length ? into.subarray(0, length) : new Uint8Array(length);
    const kept = head.subarray(from, to);
    memory.set(kept);
    if (kept.length < length) {
      await readRange(file, { from: from + kept.length, to }, memory.subarray(kept.length), readSignal);
    }
    return memory;
  });
  return {
    name,
    size,
    traffic: client.traffic,
    state: `${size} ${validators.linked ?? validators.etag ?? validators.modified ?? ""}`.trimEnd(),
    async read(from, to, readSignal, into) {
      checkAborted(readSignal);
      if (to <= head.length || from === to) return head.slice(from, to);
      if (to > size) return checkRead(new Uint8Array(Math.max(0, size - from)), from, to, name);
      return fetched(from, to, readSignal, into);
    },
  };
}
