import type { Terminal } from "../terminal/terminal.ts";

/** Lines under a title, with an empty line before; nothing where there are no lines. */
export function section(title: string, lines: readonly string[], terminal: Terminal): string[] {
  return lines.length === 0 ? [] : ["", terminal.style("title", title), ...lines];
}
