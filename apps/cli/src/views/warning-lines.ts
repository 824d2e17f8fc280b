import { printable } from "../terminal/printable.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { wrap } from "./fact-block.ts";
import { section } from "./section.ts";

/** The warnings of a report, one after the other, under their own title. */
export function warningLines(warnings: readonly string[], terminal: Terminal): string[] {
  const lines = warnings.flatMap((warning) =>
    wrap(printable(warning), terminal.columns - 4).map((line, index) =>
      index === 0 ? `${terminal.style("warning", "  !")} ${line}` : `    ${line}`,
    ),
  );
  return section(warnings.length === 1 ? "Warning" : "Warnings", lines, terminal);
}
