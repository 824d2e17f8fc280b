import type { Flags } from "./characters.ts";
import type { PatternSource } from "./source.ts";

/** What a parenthesis opens. */
export type GroupOpening =
  | { readonly kind: "comment" }
  | { readonly kind: "group" | "capture" | "atomic"; readonly flags: Flags }
  | { readonly kind: "look"; readonly flags: Flags; readonly behind: boolean; readonly negated: boolean };

/** The one group whose text is wanted: the number of a layer. */
const CAPTURED = "idx";
const LOOKS = [
  ["=", false, false],
  ["!", false, true],
  ["<=", true, false],
  ["<!", true, true],
] as const;

/** The flags that hold for the whole expression. */
export function leadingFlags(source: PatternSource): Flags {
  const none: Flags = { ignoreCase: false, dotAll: false, ascii: false };
  const letters = /^\(\?([a-zA-Z]+)\)/.exec(source.pattern)?.[1];
  if (letters === undefined) return none;
  source.accept(`(?${letters})`);
  return withFlags(source, none, letters);
}

/** Reads what follows an opening parenthesis, up to the body of the group. */
export function groupOpening(source: PatternSource, flags: Flags, names: Set<string>): GroupOpening {
  if (!source.accept("?")) return { kind: "group", flags };
  if (source.accept(":")) return { kind: "group", flags };
  if (source.accept(">")) return { kind: "atomic", flags };
  if (source.accept("#")) return comment(source);
  const found = LOOKS.find(([text]) => source.accept(text));
  if (found !== undefined) return { kind: "look", flags, behind: found[1], negated: found[2] };
  if (source.accept("P<")) return named(source, flags, names);
  if (source.accept("P=")) throw source.unsupported("a back reference ((?P=…))");
  if (source.accept("(")) throw source.unsupported("a condition on a group ((?(…)…))");
  return { kind: "group", flags: scopedFlags(source, flags) };
}

function comment(source: PatternSource): GroupOpening {
  source.takeWhile(/[^)]/);
  if (!source.accept(")")) throw source.invalid("a comment is not closed");
  return { kind: "comment" };
}

function named(source: PatternSource, flags: Flags, names: Set<string>): GroupOpening {
  const name = source.takeWhile(/[^>]/);
  if (!source.accept(">") || !/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) {
    throw source.invalid(`"${name}" is no name for a group`);
  }
  if (names.has(name)) throw source.invalid(`two groups are named ${name}`);
  names.add(name);
  return { kind: name === CAPTURED ? "capture" : "group", flags };
}

/** `(?i:`, `(?s-i:` */
function scopedFlags(source: PatternSource, flags: Flags): Flags {
  const added = source.takeWhile(/[a-zA-Z]/);
  const removed = source.accept("-") ? source.takeWhile(/[a-zA-Z]/) : undefined;
  if (removed === "" || (added === "" && removed === undefined)) {
    throw source.invalid(`there is no group (?${source.take()}`);
  }
  if (source.accept(")")) throw source.invalid("flags for the whole must stand at its start");
  if (!source.accept(":")) throw source.invalid("flags must be followed by a colon");
  const without = removed ?? "";
  if (/[^imsx]/.test(without)) throw source.invalid(`the flags ${without} cannot be taken away`);
  const both = withFlags(source, flags, added);
  return {
    ...both,
    ignoreCase: both.ignoreCase && !without.includes("i"),
    dotAll: both.dotAll && !without.includes("s"),
  };
}

function withFlags(source: PatternSource, flags: Flags, letters: string): Flags {
  const other = /[mxL]/.exec(letters);
  if (other !== null) throw source.unsupported(`the flag ${other[0]}`);
  if (/[^isau]/.test(letters)) throw source.invalid(`there are no flags ${letters}`);
  if (letters.includes("a") && letters.includes("u"))
    throw source.invalid("the flags a and u exclude each other");
  return {
    ignoreCase: flags.ignoreCase || letters.includes("i"),
    dotAll: flags.dotAll || letters.includes("s"),
    ascii: letters.includes("a") || (flags.ascii && !letters.includes("u")),
  };
}
