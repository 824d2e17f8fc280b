import { LoraError } from "@lora/tensor";

/** Where a member of an object stands in a JSON text: its key, quotes included, and its value. */
export interface MemberPlace {
  readonly keyAt: number;
  readonly from: number;
  readonly to: number;
}

/** Whole texts up to this are parsed to say what is wrong with them. */
const MOST_PARSED = 2 ** 16;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const CLOSING_BRACE = 0x7d;

/**
 * Walks over the members of a JSON object in their order and makes nothing of their values, which may be of any
 * number: who visits them parses them. Keys that are there twice are visited twice.
 *
 * @param what names the text in messages, e.g. `the header`
 * @param start where the object stands in the text
 * @throws LoraError FORMAT when what is between the values is not JSON, or it is no object
 */
export function eachMember(
  text: string,
  what: string,
  visit: (place: MemberPlace, key: string) => void,
  start = 0,
): void {
  let at = skipSpace(text, start);
  if (text[at] !== "{") throw notObject(text, what, at);
  at = skipSpace(text, at + 1);
  for (let first = true; text.charCodeAt(at) !== CLOSING_BRACE; first = false) {
    if (!first) at = skipSpace(text, passed(text, at, COMMA, what));
    if (text.charCodeAt(at) !== QUOTE) throw notJson(what, "a key is missing", at);
    const keyAt = at;
    const keyEnd = stringEnd(text, keyAt, what);
    const from = skipSpace(text, passed(text, skipSpace(text, keyEnd), COLON, what));
    const to = valueEnd(text, from, what);
    visit({ keyAt, from, to }, parseString(text, what, keyAt, keyEnd));
    at = skipSpace(text, to);
  }
  if (start === 0 && skipSpace(text, at + 1) < text.length) {
    throw notJson(what, "something follows the object", at + 1);
  }
}

/**
 * The value that a part of a JSON text is.
 *
 * @throws LoraError FORMAT when it is not JSON
 */
export function parseJson(text: string, what: string, from: number, to: number): unknown {
  try {
    return JSON.parse(text.slice(from, to));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LoraError("FORMAT", `${what} is not JSON: ${reason}`, { at: from, cause: error });
  }
}

/** The text of the JSON string that opens at `at`, which has been walked over before. */
export function stringAt(text: string, what: string, at: number): string {
  return parseString(text, what, at, stringEnd(text, at, what));
}

function parseString(text: string, what: string, from: number, to: number): string {
  return parseJson(text, what, from, to) as string;
}

/** Behind the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number, what: string): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === QUOTE) return at + 1;
    if (letter === BACKSLASH) at += 1;
  }
  throw notJson(what, "a string does not end", start);
}

/** Behind a value: where brackets are closed again, or behind a string, or before what ends a number or word. */
function valueEnd(text: string, start: number, what: string): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const letter = text[at]!;
    if (letter === '"') {
      at = stringEnd(text, at, what);
      if (depth === 0) return at;
      continue;
    }
    if (depth === 0 && at > start && ",}] \t\n\r".includes(letter)) return at;
    if (letter === "{" || letter === "[") depth += 1;
    else if (letter === "}" || letter === "]") depth -= 1;
    at += 1;
    if (depth === 0 && (letter === "}" || letter === "]")) return at;
    if (depth < 0) break;
  }
  throw notJson(what, "a value does not end", start);
}

function passed(text: string, at: number, letter: number, what: string): number {
  if (text.charCodeAt(at) === letter) return at + 1;
  throw notJson(what, `"${String.fromCharCode(letter)}" is missing`, at);
}

function skipSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\t" || text[at] === "\n" || text[at] === "\r") at += 1;
  return at;
}

function notObject(text: string, what: string, at: number): LoraError {
  if (text.length > MOST_PARSED) return notJson(what, "it does not begin with an object", at);
  parseJson(text, what, 0, text.length);
  return new LoraError("FORMAT", `${what} is JSON, but not an object`);
}

function notJson(what: string, reason: string, at: number): LoraError {
  return new LoraError("FORMAT", `${what} is not JSON: ${reason}, at character ${at}`, { at });
}
