import type { Matrix } from "../matrix.ts";
import type { Strided } from "../ops/strided.ts";
import type { Arena } from "./arena.ts";

/** Rows shorter than this are copied number by number, which costs less than making a view of each. */
const SHORT = 64;

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
  const gapless = rowBytes === c.cols * bytes && c.rowStep === c.cols && c.colStep === 1;
  if (gapless && !add) {
    c.data.set(values.subarray(at / bytes, at / bytes + c.rows * c.cols));
    return;
  }
  for (let i = 0; i < c.rows; i++) {
    const from = (at + i * rowBytes) / bytes;
    if (add || c.colStep !== 1 || c.cols < SHORT) writeRow(values, from, { c, row: i, add });
    else c.data.set(values.subarray(from, from + c.cols), i * c.rowStep);
  }
}

interface Target {
  readonly c: Strided;
  readonly row: number;
  readonly add: boolean;
}

function writeRow(values: Matrix["data"], from: number, { c, row, add }: Target): void {
  const { data, colStep, cols } = c;
  let to = row * c.rowStep;
  if (add) for (let j = 0; j < cols; j++, to += colStep) data[to] += values[from + j];
  else for (let j = 0; j < cols; j++, to += colStep) data[to] = values[from + j];
}
