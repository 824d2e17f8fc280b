import type { RankOutlook } from "@lora/jobs";
import { bars } from "../terminal/bars.ts";
import { bytesText, percent } from "../terminal/number-format.ts";
import { pad, textWidth } from "../terminal/text-width.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** The energy curve of the whole file: for each rank the size, the error, and the kept share of Σσ² as a bar. */
export function outlookLines(outlook: readonly RankOutlook[], terminal: Terminal): string[] {
  const sizes = outlook.map(({ bytes }) => bytesText(bytes));
  const sizeWidth = Math.max(0, ...sizes.map(textWidth));
  const rows = outlook.map(({ rank, relativeErrorFrobenius: error }, index) => {
    const energy = 1 - error * error;
    const numbers = [
      pad(sizes[index]!, sizeWidth, "right"),
      `error ${percent(error).padStart(7)}`,
      `energy ${percent(energy).padStart(7)}`,
    ];
    return { label: `rank ${rank}`, value: Math.max(0, energy), text: numbers.join("  ") };
  });
  return bars(rows, terminal, 1);
}
