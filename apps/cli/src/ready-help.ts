import { readFileSync } from "node:fs";

/** Help is laid out for a terminal of this width, or narrower where the terminal is. */
export const HELP_COLUMNS = 100;

/** The file beside the built program that holds what `lora --help` prints. */
export const READY_HELP = "help.txt";

/**
 * What the built program prints for these words without loading anything, or undefined where it has to be worked out: other
 * words, a terminal narrower than the text, or no build.
 *
 * @param argv what follows `lora`
 * @param columns the width of the terminal, undefined where the output is none
 */
export function readyHelp(argv: readonly string[], columns: number | undefined): string | undefined {
  if (argv.length !== 1 || (argv[0] !== "--help" && argv[0] !== "-h")) return undefined;
  if (columns !== undefined && columns < HELP_COLUMNS) return undefined;
  try {
    return readFileSync(new URL(READY_HELP, import.meta.url), "utf8");
  } catch {
    return undefined;
  }
}
