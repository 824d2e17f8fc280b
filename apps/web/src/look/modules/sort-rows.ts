import type { Column, ModuleRow } from "./column.ts";

/** By which column, and in which direction. */
export interface Order {
  readonly column: string;
  readonly ascending: boolean;
}

/** Rows in an order; those without a value last, equal ones as they were. */
export function sortRows(rows: readonly ModuleRow[], column: Column, ascending: boolean): ModuleRow[] {
  const keyed = rows.map((row) => ({ row, key: column.value(row) ?? undefined }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    const order = typeof a === "string" ? a.localeCompare(String(b), "en", { numeric: true }) : a - Number(b);
    return ascending ? order : -order;
  });
  return keyed.map(({ row }) => row);
}
