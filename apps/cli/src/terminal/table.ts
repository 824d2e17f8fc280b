import type { Terminal } from "./terminal.ts";
import { pad, textWidth } from "./text-width.ts";
import { truncateMiddle } from "./truncate-middle.ts";
import { withoutCommonStart } from "./without-common-start.ts";

/** One column: its title, and how a row fills it. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** @default "right", as numbers stand */
  readonly align?: "left" | "right";
  /** May lose the common start and the middle of its texts where the line is too short. For plain text, in one column of a table. */
  readonly shrinks?: boolean;
  /** May be left out where the line is too short; the last such column goes first. */
  readonly optional?: boolean;
}

const INDENT = 2;
const GAP = 2;
/** A column that shrinks keeps this much as long as others can be left out. */
const READABLE = 36;
const NARROWEST = 12;

interface Laid<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

/** Rows in aligned columns under a line of titles, within the width of the terminal as far as columns may give way. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  terminal: Terminal,
): string[] {
  if (rows.length === 0) return [];
  const laid = fit(
    columns.map((column) => layOut(column, rows)),
    terminal,
  );
  const titles = laid.map(({ column, width }) =>
    terminal.style("label", pad(column.title, width, column.align ?? "right")),
  );
  const body = rows.map((_, index) =>
    laid.map(({ column, cells, width }) => pad(cells[index]!, width, column.align ?? "right")),
  );
  return [titles, ...body].map((cells) => (" ".repeat(INDENT) + cells.join(" ".repeat(GAP))).trimEnd());
}

function layOut<Row>(column: Column<Row>, rows: readonly Row[]): Laid<Row> {
  const cells = rows.map((row) => column.cell(row));
  return { column, cells, width: Math.max(textWidth(column.title), ...cells.map(textWidth)) };
}

/** Whole names come first, then optional columns, then the ends of names. */
function fit<Row>(laid: readonly Laid<Row>[], terminal: Terminal): readonly Laid<Row>[] {
  const room = (columns: readonly Laid<Row>[]): number =>
    terminal.columns - INDENT - columns.reduce((sum, { width }) => sum + width + GAP, -GAP);
  if (room(laid) >= 0) return laid;
  const last = laid.findLastIndex(({ column }) => column.optional === true);
  const namesFit = room(laid.filter(({ column }) => column.optional !== true)) >= 0;
  if (!namesFit) {
    const narrowest = last === -1 ? NARROWEST : READABLE;
    const shrunk = laid.map((one) =>
      one.column.shrinks === true ? shrink(one, Math.max(narrowest, one.width + room(laid)), terminal) : one,
    );
    if (last === -1 || room(shrunk) >= 0) return shrunk;
  }
  return fit(laid.toSpliced(last, 1), terminal);
}

/** The column in at most `width`: what all cells begin with goes first, then what is in their middle. */
function shrink<Row>({ column, cells }: Laid<Row>, width: number, { unicode }: Terminal): Laid<Row> {
  const names = withoutCommonStart(cells, unicode).map((cell) => truncateMiddle(cell, width, unicode));
  return { column, cells: names, width: Math.max(textWidth(column.title), ...names.map(textWidth)) };
}
