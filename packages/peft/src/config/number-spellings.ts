import type { NumberSpellings } from "./python-json.ts";
import { pointerTo, pythonFloat } from "./python-json.ts";

interface Level {
  readonly pointer: string;
  readonly isArray: boolean;
  field: string | number;
  /** In an object, whether the next string is a field's name. */
  expectsName: boolean;
}

/**
 * How Python would write the numbers of a JSON text again: `1.0` is a float there and 1 here, and Python's integers
 * have no end.
 *
 * @param text known to be JSON
 */
export function numberSpellings(text: string): NumberSpellings {
  const spellings = new Map<string, string>();
  const levels: Level[] = [{ pointer: "", isArray: false, field: "", expectsName: false }];
  for (const [token] of text.matchAll(/"(?:\\.|[^"\\])*"|-?\d[\d.eE+-]*|[{}[\],:]/g)) {
    const level = levels.at(-1)!;
    if (token === "{" || token === "[") levels.push(opened(levels, token === "["));
    else if (token === "}" || token === "]") levels.pop();
    else if (token === ":") level.expectsName = false;
    else if (token === ",") advance(level);
    else if (token.startsWith('"')) {
      if (level.expectsName) level.field = JSON.parse(token) as string;
    } else note(spellings, pointerOf(levels), token);
  }
  return spellings;
}

function opened(levels: readonly Level[], isArray: boolean): Level {
  return { pointer: pointerOf(levels), isArray, field: isArray ? 0 : "", expectsName: !isArray };
}

function advance(level: Level): void {
  if (level.isArray) level.field = Number(level.field) + 1;
  else level.expectsName = true;
}

function pointerOf(levels: readonly Level[]): string {
  const level = levels.at(-1)!;
  return levels.length === 1 ? "" : pointerTo(level.pointer, level.field);
}

/** A field given twice counts the second time. */
function note(spellings: Map<string, string>, pointer: string, token: string): void {
  const value = Number(token);
  spellings.set(pointer, /[.eE]/.test(token) ? pythonFloat(value) : BigInt(token).toString());
}
