import type { Fits, Flags } from "./characters.ts";
import { anyOf, category, literal } from "./characters.ts";
import type { PatternSource } from "./source.ts";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11, "\\": 92 };
const CODES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/**
 * What follows a backslash, where it is a character or a category.
 *
 * @param letter already taken
 * @param inSet between brackets, where digits are always octal
 * @throws LoraError USAGE when Python has no such escape; UNSUPPORTED for names and back references
 */
function escapedCharacter(source: PatternSource, letter: string, inSet: boolean): number | "category" {
  if (/[dDwWsS]/.test(letter)) return "category";
  const control = CONTROLS[letter] ?? (inSet && letter === "b" ? 8 : undefined);
  if (control !== undefined) return control;
  const digits = CODES[letter];
  if (digits !== undefined) return codePoint(source, letter, digits);
  if (letter === "N") throw source.unsupported("a character by name (\\N)");
  if (/[0-9]/.test(letter)) return octal(source, letter, inSet);
  if (letter === "") throw source.invalid("it ends in a backslash");
  if (/[A-Za-z]/.test(letter)) throw source.invalid(`there is no escape \\${letter}`);
  return letter.codePointAt(0)!;
}

function codePoint(source: PatternSource, letter: string, digits: number): number {
  const text = source.takeWhile(/[0-9A-Fa-f]/, digits);
  const code = Number.parseInt(text, 16);
  if (text.length === digits && code <= 0x10ffff) return code;
  throw source.invalid(`\\${letter} needs ${digits} hexadecimal digits of a character`);
}

/** Outside a set, only `\0…` and three octal digits are a character; all else is a back reference. */
function octal(source: PatternSource, first: string, inSet: boolean): number {
  const from = source.position;
  const text = first + source.takeWhile(/[0-7]/, 2);
  const isOctal = /^[0-7]+$/.test(text) && (inSet || first === "0" || text.length === 3);
  if (!isOctal && inSet) throw source.invalid(`there is no escape \\${first}`);
  if (!isOctal) {
    source.return(from);
    throw source.unsupported(`a back reference (\\${first})`);
  }
  const code = Number.parseInt(text, 8);
  if (code > 0o377) throw source.invalid(`\\${text} is above \\377`);
  return code;
}

/**
 * A set, its opening bracket already taken.
 *
 * @throws LoraError USAGE when Python would refuse it
 */
function characterSet(source: PatternSource, flags: Flags): Fits {
  const negated = source.accept("^");
  const items: Fits[] = [];
  for (let first = true; first || source.peek() !== "]"; first = false) {
    const low = setMember(source, flags);
    if (source.peek() !== "-") {
      items.push(memberFits(low));
      continue;
    }
    source.take();
    if (source.peek() === "]") {
      items.push(memberFits(low), (code) => code === 45);
      break;
    }
    const high = setMember(source, flags);
    if (typeof low !== "number" || typeof high !== "number" || low > high) {
      throw source.invalid("a range in brackets must go up from one character to another");
    }
    items.push((code) => low <= code && code <= high);
  }
  source.take();
  return anyOf(items, negated, flags);
}

function setMember(source: PatternSource, flags: Flags): number | Fits {
  const letter = source.take();
  if (letter === "") throw source.invalid("a bracket is not closed");
  if (letter !== "\\") return letter.codePointAt(0)!;
  const escape = source.take();
  const found = escapedCharacter(source, escape, true);
  return found === "category" ? category(escape, flags)! : found;
}

function memberFits(member: number | Fits): Fits {
  return typeof member === "number" ? (code) => code === member : member;
}

/** `.`, a character or a category outside brackets. */
export function singleFits(source: PatternSource, flags: Flags): Fits {
  const letter = source.take();
  if (letter === ".") return flags.dotAll ? () => true : (code) => code !== 10;
  if (letter === "[") return characterSet(source, flags);
  if (letter !== "\\") return literal(letter.codePointAt(0)!, flags);
  const escape = source.take();
  const found = escapedCharacter(source, escape, false);
  return found === "category" ? category(escape, flags)! : literal(found, flags);
}
