import { styleText } from "node:util";

/** What a piece of text means; the colours follow from it. */
export type Meaning = "title" | "label" | "good" | "warning" | "bad" | "accent";

/** Dresses text by its meaning, or leaves it as it is where colours are off. */
export type Style = (meaning: Meaning, text: string) => string;

const FORMATS: Readonly<Record<Meaning, Parameters<typeof styleText>[0]>> = {
  title: "bold",
  label: "dim",
  good: "green",
  warning: "yellow",
  bad: "red",
  accent: "cyan",
};

/** A style that colours, or one that does nothing. */
export function styleFor(colours: boolean): Style {
  if (!colours) return (_, text) => text;
  return (meaning, text) => (text === "" ? "" : styleText(FORMATS[meaning], text, { validateStream: false }));
}

/** What decides about colours: where the text goes, and the variables of the environment. */
export interface ColourQuestion {
  readonly isTTY: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--no-color` was given. */
  readonly refused: boolean;
}

/**
 * Whether to colour: never after `--no-color`; then as FORCE_COLOR says, then NO_COLOR, and otherwise where a
 * terminal shows the text.
 *
 * @see https://no-color.org, https://force-color.org
 */
export function wantsColours({ isTTY, env, refused }: ColourQuestion): boolean {
  if (refused) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  if ((env["NO_COLOR"] ?? "") !== "") return false;
  return isTTY && env["TERM"] !== "dumb";
}
