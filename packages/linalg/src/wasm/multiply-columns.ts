import type { Matrix } from "../matrix.ts";
import { strided, transposed } from "../ops/strided.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { StoredRows } from "./stored-rows.ts";
import { eachWide } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/**
 * aᵀ · x in f32 for few columns: the rows of a are widened, some at a time, and multiplied where they lie; only x is
 * packed. What is made is xᵀ · a, which is small enough to be turned at the end.
 */
export function multiplyColumns(workplace: Workplace, held: StoredRows, x: Matrix): Matrix {
  const { arena, kernels } = workplace;
  const { rows, cols, lanes } = kernels.tiles.f32;
  const height = roundUp(x.cols, rows);
  // What a tile makes of the values past a line is never looked at.
  const width = roundUp(held.width, cols);
  const cRow = width * lanes.bytes;
  const termBytes = rows * lanes.bytes;
  const panelBytes = held.rows * termBytes;
  const product = new Float32Array(held.cols * x.cols);
  arena.scope(() => {
    const panels = arena.allocate(height * held.rows * lanes.bytes);
    const sums = arena.allocate(height * cRow);
    packRows(workplace, x, panels);
    arena.singles.fill(0, sums / lanes.bytes, (sums + height * cRow) / lanes.bytes);
    eachWide(workplace, held, ({ first, count, at, lineBytes }) => {
      for (let column = 0; column < held.width; column += cols) {
        for (let panel = 0; panel * rows < x.cols; panel++) {
          const a = panels + panel * panelBytes + first * termBytes;
          const [b, c] = [at, sums + panel * rows * cRow].map((start) => start + column * lanes.bytes);
          kernels.functions["columns_tile_f32"](a, a + count * termBytes, b, lineBytes, c, cRow);
        }
      }
    });
    const values = arena.singles.subarray(sums / lanes.bytes);
    for (let i = 0; i < held.cols; i++) {
      for (let j = 0; j < x.cols; j++) product[i * x.cols + j] = values[j * width + i];
    }
  });
  return { rows: held.cols, cols: x.cols, data: product };
}

/** Panels of xᵀ, whose terms are the rows of x. */
function packRows(workplace: Workplace, x: Matrix, out: number): void {
  const { arena, kernels } = workplace;
  const { rows, lanes } = kernels.tiles.f32;
  arena.scope(() => {
    const scratch = arena.allocate(x.rows * x.cols * lanes.bytes);
    const lines = transposed(strided(x));
    packPanels(workplace, lines, { scratch, out, to: lanes, panel: rows, alpha: 1 });
  });
}
