import type { ModuleSummary } from "@lora/jobs";
import { bytesText, exact } from "../terminal/number-format.ts";
import { printable } from "../terminal/printable.ts";
import { type Column, table } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";
import { chooseGroups } from "./choose-groups.ts";
import type { ModuleGroup } from "./module-groups.ts";
import { rangeText, sharedText } from "./statistics.ts";

type Row = ModuleGroup<ModuleSummary>;

/** What the header says of modules, or of groups of them where they are many. */
export function moduleTable(
  modules: readonly ModuleSummary[],
  wanted: string | undefined,
  terminal: Terminal,
): string[] {
  const rows = chooseGroups(modules, wanted);
  const grouped = rows.some((row) => row.modules.length > 1);
  const parts = new Set(modules.map((module) => module.component)).size > 1;
  const columns: (Column<Row> | false)[] = [
    parts && { title: "part", align: "left", cell: (row) => row.component },
    { title: "module", align: "left", shrinks: true, cell: (row) => printable(row.label) },
    grouped && { title: "count", cell: (row) => String(row.modules.length) },
    { title: "rank", cell: (row) => range(row, ({ rank }) => rank) },
    { title: "alpha", cell: (row) => range(row, ({ alpha }) => alpha) },
    { title: "scale", optional: true, cell: (row) => range(row, ({ scale }) => scale) },
    { title: "shape", align: "left", cell: (row) => shared(row, shapeText) },
    { title: "dtype", align: "left", optional: true, cell: (row) => shared(row, ({ dtype }) => dtype) },
    { title: "size", cell: (row) => bytesText(row.modules.reduce((sum, { bytes }) => sum + bytes, 0)) },
  ];
  return table(
    columns.filter((column) => column !== false),
    rows,
    terminal,
  );
}

/** Sizes that only the base weight has are not known. */
function shapeText({ shape }: ModuleSummary): string {
  return shape.map((size) => (size === 0 ? "?" : size)).join("x");
}

function range({ modules }: Row, value: (module: ModuleSummary) => number | null): string {
  return rangeText(
    modules.flatMap((module) => value(module) ?? []),
    exact,
  );
}

function shared({ modules }: Row, text: (module: ModuleSummary) => string): string {
  return sharedText(modules.map(text));
}
