/** By which column, and in which direction. */
export interface Order {
  readonly column: string;
  readonly ascending: boolean;
}

/** What rows are sorted by. */
interface Sorting<R> {
  value(row: R): string | number | null | undefined;
}

/** Rows in an order; those without a value last, equal ones as they were. */
export function sortRows<R>(rows: readonly R[], column: Sorting<R>, ascending: boolean): R[] {
  const keyed = rows.map((row) => ({ row, key: column.value(row) ?? undefined }));
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    const order = typeof a === "string" ? a.localeCompare(String(b), "en", { numeric: true }) : a - Number(b);
    return ascending ? order : -order;
  });
  return keyed.map(({ row }) => row);
}
