import type { Matrix } from "../matrix.ts";
import { strided, transposed } from "../ops/strided.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { StoredRows } from "./stored-rows.ts";
import { eachWide } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/**
 * a · x in f32 for few columns: the rows of a are widened, some at a time, and multiplied where they lie; only x is
 * packed.
 */
export function multiplyRows(workplace: Workplace, held: StoredRows, x: Matrix): Matrix {
  const { arena, kernels } = workplace;
  const { rows, cols, lanes } = kernels.tiles.f32;
  const product = new Float32Array(held.rows * x.cols);
  const panelBytes = held.width * cols * lanes.bytes;
  const width = roundUp(x.cols, cols);
  const cRow = width * lanes.bytes;
  arena.scope(() => {
    const panels = arena.allocate((width / cols) * panelBytes);
    packColumns(workplace, held, x, panels);
    eachWide(workplace, held, ({ first, count, at, lineBytes }) => {
      arena.scope(() => {
        const tiles = arena.allocate(roundUp(count, rows) * cRow);
        for (let panel = 0; panel * cols < x.cols; panel++) {
          const b = panels + panel * panelBytes;
          for (let row = 0; row < count; row += rows) {
            const c = tiles + row * cRow + panel * cols * lanes.bytes;
            kernels.functions["rows_tile_f32"](at + row * lineBytes, lineBytes, b, b + panelBytes, c, cRow);
          }
        }
        for (let row = 0; row < count; row++) {
          const from = (tiles + row * cRow) / lanes.bytes;
          product.set(arena.singles.subarray(from, from + x.cols), (first + row) * x.cols);
        }
      });
    });
  });
  return { rows: held.rows, cols: x.cols, data: product };
}

/** Panels of x as long as a line is held, the terms that it has more than values being zero. */
function packColumns(workplace: Workplace, held: StoredRows, x: Matrix, out: number): void {
  const { arena, kernels } = workplace;
  const { cols, lanes } = kernels.tiles.f32;
  arena.scope(() => {
    const lines = transposed(strided(padded(x, held.width)));
    const scratch = arena.allocate(lines.data.byteLength);
    packPanels(workplace, lines, { scratch, out, to: lanes, panel: cols, alpha: 1 });
  });
}

function padded(x: Matrix, rows: number): Matrix {
  if (x.rows === rows) return x;
  const data = new Float32Array(rows * x.cols);
  data.set(x.data);
  return { rows, cols: x.cols, data };
}
