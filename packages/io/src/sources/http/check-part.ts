import { LoraError } from "@lora/tensor";
import { type ContentRange, contentRange } from "./content-range.ts";
import type { Arrived } from "./follow-redirects.ts";
import type { RemoteFile } from "./remote-file.ts";
import { sameState, validatorsOf } from "./validators.ts";

/** Bytes that were asked for: `to` exclusive. */
export interface Asked {
  readonly from: number;
  readonly to: number;
}

/**
 * Checks that a partial answer holds bytes of the file as it was opened, beginning where it was asked to.
 *
 * @returns which bytes it holds: those that were asked for, or the first of them
 * @throws LoraError IO when the file has changed or the part is another one; UNSUPPORTED when the answer does not say
 *   which bytes it holds, or is packed
 */
export function checkPart({ response, linkedEtag }: Arrived, file: RemoteFile, asked: Asked): ContentRange {
  const { headers } = response;
  checkEncoding(headers, file.name);
  const range = contentRange(headers.get("content-range"));
  if (range === undefined) {
    throw new LoraError("UNSUPPORTED", "the server sends a part of the file and does not say which", {
      file: file.name,
      contentRange: headers.get("content-range"),
      advice: "download the file, then open it from the disk",
    });
  }
  const seen = validatorsOf(response, linkedEtag);
  if ((range.total ?? file.size) !== file.size || !sameState(file.validators, seen)) throw changed(file.name);
  if (range.from === asked.from && range.to <= asked.to) return range;
  throw new LoraError(
    "IO",
    `bytes ${asked.from} to ${asked.to} were asked for, and the server sends ${range.from} to ${range.to}`,
    { file: file.name, advice: "the server, or a proxy before it, is broken: download the file another way" },
  );
}

/**
 * Parts of what was packed on the way are no parts of the file.
 *
 * @throws LoraError UNSUPPORTED when a partial answer is packed
 */
export function checkEncoding(headers: Headers, name: string): void {
  const encoding = headers.get("content-encoding") ?? "identity";
  if (encoding === "identity") return;
  throw new LoraError("UNSUPPORTED", `the server packs parts of the file (${encoding})`, {
    file: name,
    advice: "download the file, then open it from the disk",
  });
}

/** The file is no longer what it was when it was opened. */
export function changed(name: string): LoraError {
  return new LoraError("IO", "the file was changed on the server after it was opened", {
    file: name,
    advice: "run it again, with the file as it is now",
  });
}
