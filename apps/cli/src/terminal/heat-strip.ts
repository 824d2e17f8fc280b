import { resample } from "./resample.ts";
import { pad, textWidth } from "./text-width.ts";
import { truncateMiddle } from "./truncate-middle.ts";
import type { Terminal } from "./terminal.ts";

const UNICODE_SHADES = ["·", "░", "▒", "▓", "█"];
const ASCII_SHADES = [".", ":", "+", "#", "@"];

/** One line of the overview: a kind of layer, with a value for each block in order. */
export interface HeatRow {
  readonly label: string;
  readonly values: readonly number[];
}

/** A value as a shade between 0 and `max`. */
export function shade(value: number, max: number, unicode: boolean): string {
  const shades = unicode ? UNICODE_SHADES : ASCII_SHADES;
  if (!(value > 0) || max === 0) return shades[0]!;
  return shades[Math.min(4, Math.max(1, Math.ceil((value / max) * 4)))]!;
}

/** Kinds of layer below each other, blocks from left to right, shaded by value against the largest of all. */
export function heatStrip(rows: readonly HeatRow[], terminal: Terminal): string[] {
  const max = Math.max(0, ...rows.flatMap((row) => row.values));
  const longest = Math.max(0, ...rows.map((row) => textWidth(row.label)));
  const labelWidth = Math.min(longest, Math.max(12, Math.floor(terminal.columns / 2)));
  const width = Math.max(8, Math.min(100, terminal.columns - labelWidth - 4));
  return rows.map((row) => {
    const label = truncateMiddle(row.label, labelWidth, terminal.unicode);
    const cells = resample(row.values, width).map((value) => shade(value, max, terminal.unicode));
    return `  ${pad(label, labelWidth, "left")}  ${terminal.style("accent", cells.join(""))}`;
  });
}
