import { LoraError } from "@lora/tensor";
import { type Asked, changed, checkPart } from "./check-part.ts";
import type { Answer, HttpRequest } from "./http-client.ts";
import { crossesOrigins } from "./crosses-origins.ts";
import { tooLittle, tooMuch } from "./read-body.ts";
import { refused } from "./refused.ts";
import type { RemoteFile } from "./remote-file.ts";
import { type Failure, withRetries } from "./retry.ts";
import { isStrong, sameState, validatorsOf } from "./validators.ts";

/** An attempt that brought so much is no failure in a row, though it broke off. */
const PROGRESS_BYTES = 2 ** 16;

/** Answers of a place whose time is over: signed addresses last for minutes or hours. */
const EXPIRED = [400, 401, 403, 404, 410];

/**
 * Reads bytes of a file behind a URL. What broke off is asked for again from there; the answer to each request must be
 * a part of the file as it was opened, so that parts of two files never mix.
 *
 * @param into where the bytes go; exactly as long as they are
 * @throws LoraError IO when the file has changed, the server refuses, or sends something else; UNSUPPORTED when it no
 *   longer takes range requests; ABORTED when the signal is
 */
export function readRange(
  file: RemoteFile,
  { from, to }: Asked,
  into: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  let done = 0;
  return withRetries({ name: file.name, settings: file.client.settings, signal }, async () => {
    const before = done;
    const asked = { from: from + done, to };
    const outcome = await file.client.exchange(requestOf(file, asked, signal), async (answer) => {
      const part = partOf(answer, file, asked);
      if (typeof part !== "number") return part;
      for await (const chunk of answer.chunks()) {
        if (done - before + chunk.length > part) throw tooMuch(part, file.name);
        into.set(chunk, done);
        done += chunk.length;
      }
      if (done === into.length) return { value: into };
      return tooLittle({ came: done, asked: into.length, name: file.name });
    });
    if ("value" in outcome) return outcome;
    file.place = file.url;
    return { ...outcome, progressed: done - before >= PROGRESS_BYTES };
  });
}

function requestOf(file: RemoteFile, { from, to }: Asked, signal: AbortSignal | undefined): HttpRequest {
  const { etag, linked } = file.validators;
  // Whatever the hub redirects to now may have a tag of its own for the same content.
  const mayDiffer = linked !== undefined && file.place === file.url;
  const condition = isStrong(etag) && !mayDiffer && !crossesOrigins(file.place) ? { "if-match": etag } : {};
  const headers = { range: `bytes=${from}-${to - 1}`, ...condition };
  return { url: file.place, name: file.name, headers, signal };
}

/** How many bytes the answer holds, once it is known to be the right part; or why to ask again. */
function partOf(answer: Answer, file: RemoteFile, asked: Asked): number | Failure {
  const { response, url, linkedEtag } = answer;
  const { status, statusText } = response;
  if (status === 206) {
    const { from, to } = checkPart(answer, file, asked);
    file.place = url;
    file.validators = validatorsOf(response, linkedEtag ?? file.validators.linked);
    return to - from;
  }
  if (status === 412 || status === 416) throw changed(file.name);
  if (status === 200) throw notAPart(answer, file);
  if (!EXPIRED.includes(status) || file.place === file.url) return refused(response, file.name);
  return {
    failure: new LoraError("IO", `the server answered ${status} ${statusText}`.trimEnd(), {
      file: file.name,
    }),
  };
}

function notAPart({ response, linkedEtag }: Answer, file: RemoteFile): LoraError {
  if (!sameState(file.validators, validatorsOf(response, linkedEtag))) return changed(file.name);
  return new LoraError("UNSUPPORTED", "the server took range requests, and takes them no longer", {
    file: file.name,
    advice: "download the file, then open it from the disk",
  });
}
