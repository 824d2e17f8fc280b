import { LoraError } from "@lora/tensor";
import { isObject, parseJsonObject } from "../json-object.ts";
import type { Entry } from "./entry.ts";
import { parseEntry } from "./entry.ts";

/** The key of the header that is no tensor. */
export const METADATA_KEY = "__metadata__";

/** What a header says, each entry checked by itself. */
export interface Header {
  /** In the order of the header. */
  readonly entries: readonly Entry[];
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads the text of a header; whitespace around the JSON is allowed.
 *
 * @throws LoraError FORMAT when it is not JSON, holds a key twice, or an entry is wrong
 */
export function parseHeader(text: string): Header {
  const { [METADATA_KEY]: metadata, ...entries } = parseJsonObject(text, "the header");
  return {
    entries: Object.entries(entries).map(([name, value]) => parseEntry(name, value)),
    // MLX writes null where there is none.
    metadata: metadata === undefined || metadata === null ? new Map() : parseMetadata(metadata),
  };
}

function parseMetadata(metadata: unknown): Map<string, string> {
  if (!isObject(metadata)) throw new LoraError("FORMAT", `${METADATA_KEY} is not an object`);
  const pairs = new Map<string, string>();
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== "string") {
      throw new LoraError(
        "FORMAT",
        `${METADATA_KEY} holds ${JSON.stringify(value)} for "${key}", not a text`,
        { key },
      );
    }
    pairs.set(key, value);
  }
  return pairs;
}
