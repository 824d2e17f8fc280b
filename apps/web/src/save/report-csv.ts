type Row = Readonly<Record<string, unknown>>;

/** The modules of a report as a table for spreadsheets: one row each, lists in one cell, nested numbers as `base.x`. */
export function reportCsv(report: object): string | undefined {
  const rows =
    "modules" in report && Array.isArray(report.modules) ? (report.modules as Row[]).map(flat) : [];
  if (rows.length === 0) return undefined;
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  return `${lines.map((cells) => cells.map(cell).join(",")).join("\n")}\n`;
}

function flat(row: Row): Row {
  const { base, ...own } = row;
  const inBase = Object.entries((base ?? {}) as Row).map(([name, value]) => [`base.${name}`, value]);
  return { ...own, ...Object.fromEntries(inBase) };
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text =
    typeof value === "object" ? JSON.stringify(value) : guarded(value as string | number | boolean);
  return /[",\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Names come from files: one that begins like a formula must stay a text in a spreadsheet. */
function guarded(value: string | number | boolean): string {
  return typeof value === "string" && /^[=+\-@\t]/u.test(value) ? `'${value}` : String(value);
}
