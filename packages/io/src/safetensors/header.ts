import { LoraError } from "@lora/tensor";
import { duplicateKey, keyTwice } from "../duplicate-key.ts";
import type { MemberPlace } from "../json-members.ts";
import { eachMember, parseJson } from "../json-members.ts";
import { parseTexts } from "../json-texts.ts";
import type { Budget } from "../memory-budget.ts";
import { EntryTable } from "./entry-table.ts";
import type { Entry } from "./entry.ts";
import { parseEntry } from "./entry.ts";

/** The key of the header that is no tensor. */
export const METADATA_KEY = "__metadata__";

const WHAT = "the header";
/** An entry has a type, some sizes and two offsets: real ones take 150. */
const MOST_ENTRY_LETTERS = 2 ** 16;

/** As most writers have it, where no key can be there twice: looking for one takes longer than all the rest. */
const USUAL = /^\{"dtype":"\w+","shape":\[[\d,]*\],"data_offsets":\[[\d,]*\]\}$/u;

/** What a header says, each entry checked by itself. */
export interface Header {
  /** In the order of the header. */
  readonly entries: EntryTable;
  readonly metadata: ReadonlyMap<string, string>;
}

/**
 * Reads the text of a header, entry by entry; whitespace around the JSON is allowed.
 *
 * @param budget what the metadata are paid from
 * @throws LoraError FORMAT when it is not JSON, holds a key twice, or an entry is wrong
 */
export function parseHeader(text: string, budget: Budget): Header {
  const entries = new EntryTable(text, WHAT, (place, name) => entryAt(text, place, name));
  let metadata: ReadonlyMap<string, string> | undefined;
  eachMember(text, WHAT, (place, key) => {
    if (key !== METADATA_KEY) {
      entries.add(place, key);
      return;
    }
    if (metadata !== undefined) throw keyTwice(WHAT, key);
    metadata = metadataAt(text, place, budget);
  });
  entries.finish();
  return { entries, metadata: metadata ?? new Map() };
}

function entryAt(text: string, { from, to }: MemberPlace, name: string): Entry {
  if (to - from > MOST_ENTRY_LETTERS) {
    throw new LoraError(
      "FORMAT",
      `the entry takes ${to - from} letters of the header, and at most ${MOST_ENTRY_LETTERS} are read`,
      { tensor: name },
    );
  }
  const value = parseJson(text, WHAT, from, to);
  const written = text.slice(from, to);
  const twice = USUAL.test(written) ? undefined : duplicateKey(written);
  if (twice !== undefined) throw keyTwice(WHAT, twice);
  return parseEntry(name, value);
}

function metadataAt(text: string, { from, to }: MemberPlace, budget: Budget): Map<string, string> {
  // MLX writes null where there is none.
  if (text.slice(from, Math.min(to, from + 5)) === "null") return new Map();
  if (text[from] !== "{") throw new LoraError("FORMAT", `${METADATA_KEY} is not an object`);
  const refused = (key: string, value: string): LoraError =>
    new LoraError("FORMAT", `${METADATA_KEY} holds ${value} for "${key}", not a text`, { key });
  return parseTexts(text, { what: WHAT, at: from, budget, refused });
}
