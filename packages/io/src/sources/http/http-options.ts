import { sleep } from "./sleep.ts";

/** Sends one request; the global `fetch` is one. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What was asked of servers so far. Counts up while a file is read. */
export interface Traffic {
  /** Exchanges, redirects and repetitions among them. */
  readonly requests: number;
  /** Bytes of bodies that came. */
  readonly bytes: number;
}

/** Why, and for how long, a request waits before it is sent again. */
export interface Wait {
  /** What is being read. */
  readonly file: string;
  readonly milliseconds: number;
  readonly reason: string;
}

/** How to reach a URL. */
export interface HttpOptions {
  /** Left out: the global `fetch`. The place for caches and proxies. */
  readonly fetch?: Fetch | undefined;
  /** Sent with each request to the host of the URL, e.g. `authorization`; never to where it redirects to. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Cancels the opening; each read takes its own. */
  readonly signal?: AbortSignal | undefined;
  /** Waits; early on abort it just ends. Left out: a timer of the platform. */
  readonly sleep?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
  /** How often in a row a request may fail that may well succeed later. @default 4 */
  readonly retries?: number | undefined;
  /** The longest wait that a server may ask for. @default 60_000 */
  readonly maxWaitMs?: number | undefined;
  /** A request that brings no byte for so long has failed; noticed after once to twice as long. @default 30_000 */
  readonly stallMs?: number | undefined;
  /** Requests under way at once. @default 8 */
  readonly parallel?: number | undefined;
  /** The largest file that is downloaded whole, into memory, from a server without range requests. @default 2 ** 28 */
  readonly maxWholeBytes?: number | undefined;
  /** Told before each wait. */
  readonly onWait?: ((wait: Wait) => void) | undefined;
}

/** Options with everything decided that need not be. */
export type HttpSettings = {
  readonly [Key in Exclude<keyof HttpOptions, "signal" | "onWait">]-?: NonNullable<HttpOptions[Key]>;
} & Pick<HttpOptions, "onWait">;

/** What holds where nothing is said. */
export function httpSettings(options: HttpOptions): HttpSettings {
  return {
    // Looked up when it is called: who replaces the global one later is heard.
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    headers: options.headers ?? {},
    sleep: options.sleep ?? sleep,
    retries: options.retries ?? 4,
    maxWaitMs: options.maxWaitMs ?? 60_000,
    stallMs: options.stallMs ?? 30_000,
    parallel: options.parallel ?? 8,
    maxWholeBytes: options.maxWholeBytes ?? 2 ** 28,
    onWait: options.onWait,
  };
}
