import { keyTwice } from "./duplicate-key.ts";
import { eachMember, stringAt } from "./json-members.ts";
import type { Budget } from "./memory-budget.ts";
import { spend } from "./memory-budget.ts";

/** What a pair of texts takes besides its letters, its place among the others included. */
const PAIR_BYTES = 160;

/** Which object of a text is read, and who pays for it. */
export interface TextsPlace {
  /** Names the text in messages, e.g. `the header`. */
  readonly what: string;
  /** Where the object stands. */
  readonly at: number;
  readonly budget: Budget;
  /** The error for a value that is no text, or none that may be there. */
  refused(key: string, value: string): Error;
  /** Left out: every text. */
  allows?(value: string): boolean;
}

/**
 * An object of texts inside of a JSON text.
 *
 * @throws LoraError FORMAT when it is not JSON, holds a key twice or takes more than the budget; and `refused`
 */
export function parseTexts(text: string, place: TextsPlace): Map<string, string> {
  const { what, at, budget } = place;
  const pairs = new Map<string, string>();
  eachMember(
    text,
    what,
    ({ from, to }, key) => {
      if (pairs.has(key)) throw keyTwice(what, key);
      if (text[from] !== '"') throw place.refused(key, text.slice(from, Math.min(to, from + MOST_SHOWN)));
      const value = stringAt(text, what, from);
      if (place.allows?.(value) === false) throw place.refused(key, JSON.stringify(value));
      spend(budget, PAIR_BYTES + 2 * (key.length + value.length), `the texts of ${what}`);
      pairs.set(key, value);
    },
    at,
  );
  return pairs;
}

const MOST_SHOWN = 200;
