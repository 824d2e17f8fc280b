import { LoraError, checkAborted } from "@lora/tensor";
import { crossesOrigins } from "./crosses-origins.ts";
import { type Arrived, followRedirects } from "./follow-redirects.ts";
import { gate } from "./gate.ts";
import {
  type Fetch,
  type HttpOptions,
  httpSettings,
  type HttpSettings,
  type Traffic,
} from "./http-options.ts";
import type { Outcome } from "./retry.ts";
import { type StallWatch, stallWatch } from "./stall-watch.ts";

/** One request. */
export interface HttpRequest {
  readonly url: string;
  readonly name: string;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly signal: AbortSignal | undefined;
}

/** A response whose body is counted and watched as it comes. */
export interface Answer extends Arrived {
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
}

/** Asks servers: so many requests at once, each watched, all counted. */
export interface HttpClient {
  readonly settings: HttpSettings;
  readonly traffic: Traffic;
  /**
   * Sends a request and lets `use` read the answer.
   *
   * @returns what `use` made of it; a failure where the network failed
   * @throws LoraError ABORTED when the signal is; IO for a network that failed before any server ever answered: the
   *   address is wrong, or a page may not reach it, and waiting changes neither
   */
  exchange<T>(request: HttpRequest, use: (answer: Answer) => Promise<Outcome<T>>): Promise<Outcome<T>>;
}

/**
 * A client for the files of one origin.
 *
 * @param origin the only one that sees the headers of the options
 */
export function httpClient(origin: string, options: HttpOptions): HttpClient {
  const settings = httpSettings(options);
  const traffic = { requests: 0, bytes: 0 };
  const inTurn = gate(settings.parallel);
  const send = sender({ settings, traffic, origin });
  let answered = false;
  const exchange: HttpClient["exchange"] = async (request, use) => {
    checkAborted(request.signal);
    const watch = stallWatch(settings, request.signal);
    try {
      const answer = await send(request, watch);
      answered = true;
      try {
        return await use(answer);
      } finally {
        // What nobody reads is not sent any further.
        await answer.cancel();
      }
    } catch (error) {
      if (error instanceof LoraError) throw error;
      const failure = networkFailure(error, request, watch.stalled() ? settings.stallMs : undefined);
      if (failure.code === "ABORTED" || !answered) throw failure;
      return { failure };
    } finally {
      watch.end();
    }
  };
  return { settings, traffic, exchange: (request, use) => inTurn(() => exchange(request, use)) };
}

interface Sender {
  readonly settings: HttpSettings;
  readonly traffic: { requests: number; bytes: number };
  readonly origin: string;
}

function sender({
  settings,
  traffic,
  origin,
}: Sender): (request: HttpRequest, watch: StallWatch) => Promise<CancellableAnswer> {
  const counted: Fetch = (url, init) => {
    traffic.requests += 1;
    return settings.fetch(url, init);
  };
  return async ({ url, name, headers }, watch) => {
    const headersFor = (address: string): Record<string, string> => ({
      ...(new URL(address).origin === origin ? settings.headers : {}),
      ...headers,
    });
    const arrived = await followRedirects(counted, { url, name, signal: watch.signal, headersFor });
    return answerOf(arrived, (bytes) => {
      watch.mark();
      traffic.bytes += bytes;
    });
  };
}

interface CancellableAnswer extends Answer {
  /** Leaves the rest of the body where it is. */
  cancel(): Promise<void>;
}

function answerOf(arrived: Arrived, onBytes: (count: number) => void): CancellableAnswer {
  const reader = arrived.response.body?.getReader();
  return {
    ...arrived,
    async *chunks() {
      for (;;) {
        const read = await reader?.read();
        if (read === undefined || read.done) return;
        onBytes(read.value.length);
        yield read.value;
      }
    },
    async cancel() {
      await reader?.cancel().catch(() => undefined);
    },
  };
}

function networkFailure(
  error: unknown,
  { name, url, signal }: HttpRequest,
  stalledMs: number | undefined,
): LoraError {
  if (signal?.aborted) return new LoraError("ABORTED", "reading was cancelled", { file: name, cause: error });
  const allowed = crossesOrigins(url) ? "; a web page may only read from servers that allow it (CORS)" : "";
  const advice = `check the address and the connection, and run it again${allowed}`;
  if (stalledMs !== undefined) {
    return new LoraError("IO", `nothing came from the server for ${stalledMs / 1000} s`, {
      file: name,
      advice,
    });
  }
  return new LoraError("IO", `reading failed: ${reasonOf(error)}`, { file: name, cause: error, advice });
}

/** `fetch failed` says nothing: its cause does. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const reason = cause instanceof Error ? cause.message || ("code" in cause ? String(cause.code) : "") : "";
  return reason === "" ? error.message : `${error.message}: ${reason}`;
}
