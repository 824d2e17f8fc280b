/** What a file is called in a table: A, B, …; numbers after Z. */
export function letter(index: number): string {
  return index < 26 ? String.fromCodePoint(65 + index) : String(index + 1);
}
