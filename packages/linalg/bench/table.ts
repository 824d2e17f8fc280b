const WIDTHS = [34, 22, 12, 12, 12];

/** Begins a table. */
export function title(name: string, columns: readonly string[]): void {
  console.log(`\n${name}`);
  row(columns);
}

/** A line of a table. */
export function row(cells: readonly string[]): void {
  console.log(cells.map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i]) : cell.padStart(WIDTHS[i]))).join(""));
}
