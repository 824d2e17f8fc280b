import { LoraError } from "@lora/tensor";
import { checkEncoding } from "./check-part.ts";
import { contentRange, unsatisfiedSize } from "./content-range.ts";
import type { Answer, HttpClient } from "./http-client.ts";
import { readBody } from "./read-body.ts";
import { refused } from "./refused.ts";
import type { RemoteFile } from "./remote-file.ts";
import { type Outcome, withRetries } from "./retry.ts";
import { validatorsOf } from "./validators.ts";

/** What the first request asks for: the headers of most adapters, and a size in the same answer. */
const HEAD_BYTES = 2 ** 16;

/**
 * Asks for the beginning of a file, which tells its size. From a server without range requests the whole file
 * comes at once, and is kept.
 *
 * @throws LoraError MISSING when nothing is there; IO when the server refuses or cannot be reached; UNSUPPORTED when it
 *   tells no size, or has no range requests and the file is large; ABORTED when the signal is
 */
export function openRemote(
  client: HttpClient,
  { url, name }: { readonly url: string; readonly name: string },
  signal: AbortSignal | undefined,
): Promise<RemoteFile> {
  const request = { url, name, signal, headers: { range: `bytes=0-${HEAD_BYTES - 1}` } };
  return withRetries({ name, settings: client.settings, signal }, () =>
    client.exchange(request, async (answer): Promise<Outcome<RemoteFile>> => {
      const begun = await beginning(answer, name, client.settings.maxWholeBytes);
      if ("failure" in begun) return begun;
      const validators = validatorsOf(answer.response, answer.linkedEtag);
      return { value: { client, name, url, place: answer.url, validators, ...begun.value } };
    }),
  );
}

type Beginning = Pick<RemoteFile, "size" | "head">;

async function beginning(answer: Answer, name: string, maxWholeBytes: number): Promise<Outcome<Beginning>> {
  const { status, headers } = answer.response;
  if (status === 206) return part(answer, name);
  if (status === 200) return whole(answer, name, maxWholeBytes);
  if (status === 416 && unsatisfiedSize(headers.get("content-range")) === 0)
    return { value: { size: 0, head: new Uint8Array() } };
  return refused(answer.response, name);
}

async function part(answer: Answer, name: string): Promise<Outcome<Beginning>> {
  const { headers } = answer.response;
  checkEncoding(headers, name);
  const range = contentRange(headers.get("content-range"));
  if (range?.total === undefined || range.from !== 0 || range.to > HEAD_BYTES) {
    throw new LoraError("UNSUPPORTED", "the server does not tell the size of the file", {
      file: name,
      contentRange: headers.get("content-range"),
      advice:
        "download the file, then open it from the disk; to be read from web pages of elsewhere, the server has to say " +
        "Access-Control-Expose-Headers: Content-Range, ETag",
    });
  }
  const body = await readBody(answer, range.to, name);
  return "failure" in body ? body : { value: { size: range.total, head: body.value } };
}

async function whole(answer: Answer, name: string, maxWholeBytes: number): Promise<Outcome<Beginning>> {
  const { headers } = answer.response;
  const stated = headers.get("content-length");
  const length = stated === null || headers.has("content-encoding") ? undefined : Number(stated);
  const body =
    length !== undefined && length > maxWholeBytes
      ? undefined
      : await readBody(answer, length, name, maxWholeBytes);
  if (body === undefined || ("value" in body && body.value.length > maxWholeBytes)) {
    throw new LoraError(
      "UNSUPPORTED",
      "the server has no range requests, and the file is too large to be read whole",
      {
        file: name,
        bytes: length,
        limit: maxWholeBytes,
        advice: "download the file, then open it from the disk",
      },
    );
  }
  return "failure" in body ? body : { value: { size: body.value.length, head: body.value } };
}
