import { printable } from "../terminal/printable.ts";

const MOST_NAMES = 12;

/** One line each for the first of many names, and how many more there are. */
export function nameLines(names: readonly string[]): string[] {
  const lines = names.slice(0, MOST_NAMES).map((name) => `  ${printable(name)}`);
  const more = names.length - MOST_NAMES;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
