import { LoraError } from "@lora/tensor";
import type { Fetch } from "./http-options.ts";

/** A response with where it came from. */
export interface Arrived {
  readonly response: Response;
  /** The address that gave it. */
  readonly url: string;
  /** What the hub calls the content, told where it redirects to it. */
  readonly linkedEtag: string | undefined;
}

/** A request that may be redirected. */
export interface Redirected {
  readonly url: string;
  /** What to call the file: addresses that servers redirect to hold signatures, and are in no message. */
  readonly name: string;
  readonly signal: AbortSignal;
  /** The headers that an address may see. */
  headersFor(url: string): Record<string, string>;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 10;

/**
 * Sends a request and follows redirects one by one, each address with the headers it may see. Browsers hide
 * redirects: there the request is sent again, for the browser to follow, which drops `authorization` at the border.
 *
 * @throws LoraError IO when they do not end, or lead from https to something else; and what `fetch` throws
 */
export async function followRedirects(fetch: Fetch, request: Redirected): Promise<Arrived> {
  let { url } = request;
  let linkedEtag: string | undefined;
  for (let hops = 0; hops <= MAX_REDIRECTS; hops += 1) {
    const init = { headers: request.headersFor(url), signal: request.signal };
    const response = await fetch(url, { ...init, redirect: "manual" });
    if (response.type === "opaqueredirect") {
      const followed = await fetch(url, { ...init, redirect: "follow" });
      return { response: followed, url: followed.url || url, linkedEtag };
    }
    const target = REDIRECTS.includes(response.status) ? response.headers.get("location") : null;
    if (target === null) return { response, url, linkedEtag };
    linkedEtag = response.headers.get("x-linked-etag") ?? linkedEtag;
    await response.body?.cancel();
    url = checkedTarget(target, url, request.name);
  }
  throw new LoraError("IO", `the server redirects more than ${MAX_REDIRECTS} times`, {
    file: request.name,
    advice: "open the address in a browser, and give the one it ends at",
  });
}

function checkedTarget(target: string, url: string, name: string): string {
  const next = URL.canParse(target, url) ? new URL(target, url) : undefined;
  const allowed = url.startsWith("https:") ? ["https:"] : ["https:", "http:"];
  if (next !== undefined && allowed.includes(next.protocol)) return next.href;
  throw new LoraError("IO", `the server redirects from ${url.split(":")[0]} to what is not to be trusted`, {
    file: name,
    advice: "ask who runs the server, or download the file and open it from the disk",
  });
}
