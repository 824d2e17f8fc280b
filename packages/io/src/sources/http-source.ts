import { LoraError, checkAborted } from "@lora/tensor";
import type { ByteSource } from "./byte-source.ts";
import { checkRead, readFailure } from "./check-read.ts";

/** How to reach a URL. */
export interface HttpOptions {
  /** Left out: the global `fetch`. The place for retries, caches and proxies. */
  readonly fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /** Sent with each request, e.g. `authorization`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Cancels the first request; each read takes its own. */
  readonly signal?: AbortSignal | undefined;
}

type Send = (init: Omit<RequestInit, "headers"> & { headers: Record<string, string> }) => Promise<Response>;

/**
 * A file behind a URL, read by range requests. Costs a HEAD request, or, where that tells no size, a
 * request for one byte. Nothing is retried.
 *
 * @throws LoraError IO when the server refuses or cannot be reached; UNSUPPORTED when it tells no size or,
 *   on reading, ignores ranges; ABORTED when the signal is
 */
export async function httpSource(url: string, options: HttpOptions = {}): Promise<ByteSource> {
  const send: Send = async (init) => {
    checkAborted(init.signal ?? undefined);
    try {
      return await (options.fetch ?? fetch)(url, {
        ...init,
        headers: { ...options.headers, ...init.headers },
      });
    } catch (error) {
      throw readFailure(error, url, init.signal ?? undefined);
    }
  };
  const size = await sizeOf(url, send, options.signal);
  return {
    name: url,
    size,
    async read(from, to, signal) {
      // A range cannot be empty.
      if (from === to) return new Uint8Array();
      const response = await send(ranged(from, to, signal));
      checkRange(response, url);
      try {
        return checkRead(new Uint8Array(await response.arrayBuffer()), from, to, url);
      } catch (error) {
        throw readFailure(error, url, signal);
      }
    },
  };
}

function ranged(
  from: number,
  to: number,
  signal?: AbortSignal,
): RequestInit & { headers: Record<string, string> } {
  return { headers: { range: `bytes=${from}-${to - 1}` }, ...(signal === undefined ? {} : { signal }) };
}

async function sizeOf(url: string, send: Send, signal?: AbortSignal): Promise<number> {
  const head = await send({ method: "HEAD", headers: {}, ...(signal === undefined ? {} : { signal }) });
  // A compressed answer states the length of what is sent, not of the file.
  const length = head.ok && !head.headers.has("content-encoding") ? head.headers.get("content-length") : null;
  if (length !== null) return Number(length);
  const first = await send(ranged(0, 1, signal));
  checkRange(first, url);
  await first.body?.cancel();
  const total = /\/(\d+)$/u.exec(first.headers.get("content-range") ?? "")?.[1];
  if (total !== undefined) return Number(total);
  throw new LoraError("UNSUPPORTED", "the server does not tell the size of the file", {
    file: url,
    advice: "download the file, then open it from the disk",
  });
}

function checkRange(response: Response, url: string): void {
  if (response.status === 206) return;
  const facts = { file: url, status: response.status };
  if (response.ok) {
    throw new LoraError("UNSUPPORTED", "the server ignores range requests and would send the whole file", {
      ...facts,
      advice: "download the file, then open it from the disk",
    });
  }
  throw new LoraError("IO", `the server answered ${response.status} ${response.statusText}`.trimEnd(), {
    ...facts,
    advice: "check the address, and whether it asks for a login",
  });
}
