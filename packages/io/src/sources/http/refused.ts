import { LoraError } from "@lora/tensor";
import { type Failure, retryAfterMs } from "./retry.ts";

/** Answers after which the same request may succeed. */
const TRANSIENT = [408, 425, 429, 500, 502, 503, 504];

const ADVICE: Readonly<Record<number, string>> = {
  401: "the server asks for a login: give a token, or download the file and open it from the disk",
  403: "the server lets you not have it: ask for access, give a token, or download the file and open it from the disk",
  404: "check the address: nothing is there",
  410: "check the address: what was there is gone",
  429: "the server is asked too much: wait, and run it again",
};

/**
 * What an answer that is no success means: a failure to wait after, or an error.
 *
 * @throws LoraError MISSING for 404 and 410, IO for any other that waiting does not change
 */
export function refused(response: Response, name: string): Failure {
  const { status, statusText } = response;
  const isGone = status === 404 || status === 410;
  const isTransient = TRANSIENT.includes(status);
  const error = new LoraError(
    isGone ? "MISSING" : "IO",
    `the server answered ${status} ${statusText}`.trimEnd(),
    {
      file: name,
      status,
      advice:
        ADVICE[status] ??
        (isTransient ? "the server has a problem: run it again later" : "check the address"),
    },
  );
  if (!isTransient) throw error;
  return { failure: error, afterMs: retryAfterMs(response) };
}
