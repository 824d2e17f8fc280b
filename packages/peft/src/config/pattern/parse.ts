import type { Flags } from "./characters.ts";
import { isWord } from "./characters.ts";
import { singleFits } from "./escapes.ts";
import type { GroupOpening } from "./groups.ts";
import { groupOpening, leadingFlags } from "./groups.ts";
import type { PatternNode, Repetition } from "./nodes.ts";
import { atomic, captured, character, choice, look, place, repeat, sequence } from "./nodes.ts";
import { PatternSource } from "./source.ts";

/** Longer or deeper than any real pattern. */
const MAX_LENGTH = 8192;
const MAX_DEPTH = 64;
const MAX_COUNT = 1000;

interface Parsing {
  readonly source: PatternSource;
  readonly names: Set<string>;
}

/** A piece, and whether a quantifier may follow it. */
interface Item {
  readonly node: PatternNode;
  readonly kind: "piece" | "place" | "repeated";
}

/**
 * Reads an expression of Python's `re` into a matcher of its own, which knows Python's meaning of every
 * construct and takes polynomial time.
 *
 * @param shown what messages quote, where the pattern was put into a frame
 * @throws LoraError USAGE for what Python would refuse; UNSUPPORTED for back references, conditions, the flags
 *   m, x and L, and sizes beyond all reason
 * @see Python's Lib/re/_parser.py
 */
export function parsePattern(pattern: string, shown: string = pattern): PatternNode {
  const source = new PatternSource(pattern, shown);
  if (pattern.length > MAX_LENGTH) {
    throw source.unsupported(`${pattern.length} characters; at most ${MAX_LENGTH} are tried`);
  }
  const node = parseChoice({ source, names: new Set() }, leadingFlags(source), 0);
  if (source.peek() === "") return node;
  throw source.invalid("a parenthesis is closed that was not opened");
}

function parseChoice(parsing: Parsing, flags: Flags, depth: number): PatternNode {
  if (depth > MAX_DEPTH) throw parsing.source.unsupported(`more than ${MAX_DEPTH} groups in each other`);
  const options = [parseSequence(parsing, flags, depth)];
  while (parsing.source.accept("|")) options.push(parseSequence(parsing, flags, depth));
  return choice(options);
}

function parseSequence(parsing: Parsing, flags: Flags, depth: number): PatternNode {
  const { source } = parsing;
  const items: Item[] = [];
  while (source.peek() !== "" && source.peek() !== "|" && source.peek() !== ")") {
    const repetition = quantifier(source);
    if (repetition !== undefined) items.push(repeated(source, items.pop(), repetition));
    else if (source.accept("(")) items.push(...parseGroup(parsing, flags, depth));
    else
      items.push(parsePlace(source, flags) ?? { node: character(singleFits(source, flags)), kind: "piece" });
  }
  return sequence(items.map(({ node }) => node));
}

function repeated(source: PatternSource, item: Item | undefined, repetition: Repetition): Item {
  if (item === undefined || item.kind === "place") throw source.invalid("there is nothing to repeat");
  if (item.kind === "repeated") throw source.invalid("a repetition is repeated");
  return { node: repeat(item.node, repetition), kind: "repeated" };
}

/** `*`, `+`, `?` or `{m,n}` with its mode; undefined where none follows, as before a brace that is a character. */
function quantifier(source: PatternSource): Repetition | undefined {
  const bounds = simpleBounds(source) ?? bracedBounds(source);
  if (bounds === undefined) return undefined;
  const [min, max] = bounds;
  if (min > max) throw source.invalid(`a repetition from ${min} to ${max} times`);
  if (min > MAX_COUNT) throw source.unsupported(`a repetition of more than ${MAX_COUNT} times`);
  const mode = source.accept("?") ? "lazy" : source.accept("+") ? "possessive" : "greedy";
  return { min, max, mode };
}

function simpleBounds(source: PatternSource): [number, number] | undefined {
  if (source.accept("*")) return [0, Infinity];
  if (source.accept("+")) return [1, Infinity];
  return source.accept("?") ? [0, 1] : undefined;
}

function bracedBounds(source: PatternSource): [number, number] | undefined {
  const from = source.position;
  if (!source.accept("{")) return undefined;
  const low = source.takeWhile(/[0-9]/);
  const comma = source.accept(",");
  const high = comma ? source.takeWhile(/[0-9]/) : low;
  if ((low !== "" || comma) && source.accept("}")) {
    return [low === "" ? 0 : Number(low), high === "" ? Infinity : Number(high)];
  }
  source.return(from);
  return undefined;
}

/** `^`, `$`, `\A`, `\Z`, `\b` and `\B`. */
function parsePlace(source: PatternSource, flags: Flags): Item | undefined {
  const spelled = ["^", "$", "\\A", "\\Z", "\\b", "\\B"].find((text) => source.accept(text));
  if (spelled === undefined) return undefined;
  return { node: place(placeTest(spelled, flags.ascii)), kind: "place" };
}

function placeTest(spelled: string, ascii: boolean): (codes: readonly number[], at: number) => boolean {
  const atWord = (codes: readonly number[], at: number): boolean =>
    isWord(codes[at - 1], ascii) !== isWord(codes[at], ascii);
  if (spelled === "^" || spelled === "\\A") return (_, at) => at === 0;
  if (spelled === "\\Z") return (codes, at) => at === codes.length;
  // Also before a line break that ends the text.
  if (spelled === "$") {
    return (codes, at) => at === codes.length || (at === codes.length - 1 && codes[at] === 10);
  }
  if (spelled === "\\b") return atWord;
  // Up to Python 3.13, an empty text has no place that is not at a word.
  return (codes, at) => codes.length > 0 && !atWord(codes, at);
}

/** A group, its parenthesis already taken: no item for a comment. */
function parseGroup(parsing: Parsing, outer: Flags, depth: number): Item[] {
  const { source, names } = parsing;
  const opening = groupOpening(source, outer, names);
  if (opening.kind === "comment") return [];
  const body = parseChoice(parsing, opening.flags, depth + 1);
  if (!source.accept(")")) throw source.invalid("a parenthesis is not closed");
  return [{ node: groupNode(source, opening, body), kind: "piece" }];
}

function groupNode(
  source: PatternSource,
  opening: Exclude<GroupOpening, { kind: "comment" }>,
  body: PatternNode,
): PatternNode {
  if (opening.kind === "look") {
    if (!opening.behind) return look(body, opening.negated, undefined);
    if (body.width === undefined) throw source.invalid("a look behind must have one width");
    return look(body, opening.negated, body.width);
  }
  if (opening.kind === "group") return body;
  return opening.kind === "atomic" ? atomic(body) : captured(body);
}
