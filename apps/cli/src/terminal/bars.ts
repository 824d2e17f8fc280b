import { pad, textWidth } from "./text-width.ts";
import type { Terminal } from "./terminal.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A horizontal bar of `share` (0 to 1) of `width` columns, to an eighth of a column; what is not 0 is seen. */
export function bar(share: number, width: number, unicode: boolean): string {
  const length = Math.min(1, Math.max(0, share)) * width;
  if (!unicode) return "#".repeat(share > 0 ? Math.max(1, Math.round(length)) : 0);
  const eighths = share > 0 ? Math.max(1, Math.round(length * 8)) : 0;
  return "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
}

/** One bar of a picture: what it is, how long, and its number in words. */
export interface BarRow {
  readonly label: string;
  readonly value: number;
  readonly text: string;
}

const WIDEST = 40;

/** Labelled bars below each other; the longest stands for `max`, or for the largest value. */
export function bars(rows: readonly BarRow[], terminal: Terminal, max?: number): string[] {
  const labelWidth = Math.max(0, ...rows.map((row) => textWidth(row.label)));
  const textColumns = Math.max(0, ...rows.map((row) => textWidth(row.text)));
  const width = Math.max(8, Math.min(WIDEST, terminal.columns - labelWidth - textColumns - 6));
  const full = max ?? Math.max(0, ...rows.map((row) => row.value));
  return rows.map((row) => {
    const drawn = bar(full === 0 ? 0 : row.value / full, width, terminal.unicode);
    const left = `  ${pad(row.label, labelWidth, "right")}  ${pad(row.text, textColumns, "right")}  `;
    return (left + terminal.style("accent", drawn)).trimEnd();
  });
}
