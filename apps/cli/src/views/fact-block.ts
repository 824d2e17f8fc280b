import { pad, textWidth } from "../terminal/text-width.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** A label with what it stands for; left out where there is nothing to say. */
export type Fact = readonly [label: string, text: string | undefined];

const INDENT = 2;
const GAP = 2;

/** Labels and texts in two columns; long texts go on under their beginning. */
export function factBlock(facts: readonly Fact[], terminal: Terminal): string[] {
  const given = facts.filter((fact): fact is [string, string] => fact[1] !== undefined && fact[1] !== "");
  const labelWidth = Math.max(0, ...given.map(([label]) => textWidth(label)));
  const left = INDENT + labelWidth + GAP;
  return given.flatMap(([label, text]) =>
    wrap(text, terminal.columns - left).map((line, index) => {
      const head =
        index === 0 ? terminal.style("label", pad(label, labelWidth, "left")) : " ".repeat(labelWidth);
      return " ".repeat(INDENT) + head + " ".repeat(GAP) + line;
    }),
  );
}

/** The text in lines of at most `width` columns, broken at spaces; a longer word keeps its own line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && textWidth(line) + 1 + textWidth(word) > Math.max(width, 20)) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
