import type { HttpClient } from "../sources/http/http-client.ts";
import { readBody } from "../sources/http/read-body.ts";
import { refused } from "../sources/http/refused.ts";
import { type Outcome, withRetries } from "../sources/http/retry.ts";

const TRANSIENT = [429, 500, 502, 503, 504];

/**
 * A `fetch` for a library that asks for small answers: with the headers, waits, limits and counts of a client.
 * What it sends itself beyond an address is `accept`.
 */
export function clientFetch(client: HttpClient, name: string, signal: AbortSignal | undefined): typeof fetch {
  return (input) => {
    const url = input instanceof Request ? input.url : String(input);
    const request = { url, name, signal, headers: { accept: "application/json" } };
    return withRetries({ name, settings: client.settings, signal }, () =>
      client.exchange(request, async (answer): Promise<Outcome<Response>> => {
        const { response } = answer;
        if (TRANSIENT.includes(response.status)) return refused(response, name);
        const body = await readBody(answer, undefined, name);
        if ("failure" in body) return body;
        const { status, statusText } = response;
        const headers = { "content-type": response.headers.get("content-type") ?? "" };
        return { value: new Response(body.value, { status, statusText, headers }) };
      }),
    );
  };
}
