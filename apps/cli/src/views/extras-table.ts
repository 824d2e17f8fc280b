import type { ExtraSummary } from "@lora/jobs";
import { bytesText } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

const MOST_ROWS = 12;

/** Tensors outside modules: the first of them, and how many more there are. */
export function extrasTable(extras: readonly ExtraSummary[], terminal: Terminal): string[] {
  const lines = table(
    [
      { title: "tensor", align: "left", shrinks: true, cell: (extra: ExtraSummary) => printable(extra.name) },
      { title: "dtype", align: "left", cell: (extra) => printable(extra.dtype) },
      { title: "shape", align: "left", cell: (extra) => `[${extra.shape.join(", ")}]` },
      { title: "size", cell: (extra) => bytesText(extra.bytes) },
      { title: "why", align: "left", cell: (extra) => printable(extra.why) },
    ],
    extras.slice(0, MOST_ROWS),
    terminal,
  );
  const more = extras.length - MOST_ROWS;
  return more > 0 ? [...lines, `  and ${more} more`] : lines;
}
