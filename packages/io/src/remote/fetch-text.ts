import { LoraError } from "@lora/tensor";
import type { HttpClient } from "../sources/http/http-client.ts";
import { readBody } from "../sources/http/read-body.ts";
import { refused } from "../sources/http/refused.ts";
import { type Outcome, withRetries } from "../sources/http/retry.ts";

/** A small file behind a URL. */
export interface SmallFile {
  readonly url: string;
  readonly name: string;
  readonly maxBytes: number;
}

/** Answers that say there is no such file, or none for us; servers without a login say 403 for it. */
const ABSENT = [400, 401, 403, 404, 405, 410];

/**
 * The bytes of a small file behind a URL; undefined where there is none.
 *
 * @throws LoraError FORMAT when it is larger than it may be; IO when the server fails or cannot be reached; ABORTED when
 *   the signal is
 */
export function fetchSmall(
  client: HttpClient,
  { url, name, maxBytes }: SmallFile,
  signal: AbortSignal | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return withRetries({ name, settings: client.settings, signal }, () =>
    client.exchange(
      { url, name, signal },
      async (answer): Promise<Outcome<Uint8Array<ArrayBuffer> | undefined>> => {
        const { response } = answer;
        if (response.status === 200) {
          const body = await readBody(answer, undefined, name, maxBytes);
          if ("failure" in body || body.value.length <= maxBytes) return body;
          throw new LoraError(
            "FORMAT",
            `the file has more than the ${maxBytes} bytes that are read of its kind`,
            {
              file: name,
            },
          );
        }
        return ABSENT.includes(response.status) ? { value: undefined } : refused(response, name);
      },
    ),
  );
}

/** The same as text. */
export async function fetchText(
  client: HttpClient,
  file: SmallFile,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const bytes = await fetchSmall(client, file, signal);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
