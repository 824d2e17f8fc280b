import type { Matrix } from "../matrix.ts";
import type { Strided } from "../ops/strided.ts";
import type { Arena } from "./arena.ts";

/** Calculated rows in the engine's memory, of the type that they were calculated in. */
export interface Tiles {
  readonly at: number;
  readonly rowBytes: number;
  readonly single: boolean;
}

/** c ← tiles, or c ← c + tiles; what hangs over the edge of c is left out. */
export function writeTiles(arena: Arena, { at, rowBytes, single }: Tiles, c: Strided, add: boolean): void {
  const values = single ? arena.singles : arena.doubles;
  const bytes = values.BYTES_PER_ELEMENT;
  for (let i = 0; i < c.rows; i++) {
    const from = (at + i * rowBytes) / bytes;
    const row = values.subarray(from, from + c.cols);
    if (!add && c.colStep === 1) c.data.set(row, i * c.rowStep);
    else writeRow(row, c, i, add);
  }
}

function writeRow(row: Matrix["data"], c: Strided, i: number, add: boolean): void {
  const { data, colStep } = c;
  let to = i * c.rowStep;
  if (add) for (let j = 0; j < row.length; j++, to += colStep) data[to] += row[j];
  else for (let j = 0; j < row.length; j++, to += colStep) data[to] = row[j];
}
