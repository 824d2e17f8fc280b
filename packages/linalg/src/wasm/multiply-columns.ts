import type { Matrix } from "../matrix.ts";
import { block, strided, transposed } from "../ops/strided.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { StoredRows, WideRows } from "./stored-rows.ts";
import { eachWide } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** Panels of a that are copied together: each row is then read in long pieces, and all of them stay in the cache. */
const TOGETHER = 16;

/** Bytes between rows of sums, so that those of a tile do not fall on the same lines of the cache. */
const GAP = 64;

/**
 * aᵀ · x in f32: the rows of a are widened, some at a time, and cut into panels as they lie. What is made is xᵀ · a,
 * which is small enough to be turned at the end.
 */
export function multiplyColumns(workplace: Workplace, held: StoredRows, x: Matrix): Matrix {
  const { arena, kernels } = workplace;
  const { rows, cols, lanes } = kernels.tiles.f32;
  // What a tile makes of the values past a line is never looked at.
  const rowBytes = roundUp(held.width, cols) * lanes.bytes + GAP;
  const product = new Float32Array(held.cols * x.cols);
  arena.scope(() => {
    const sums = arena.allocate(roundUp(x.cols, rows) * rowBytes);
    eachWide(workplace, held, (lines) => addLines(workplace, { held, x, lines, sums, rowBytes }));
    const values = arena.singles.subarray(sums / lanes.bytes);
    for (let j = 0; j < x.cols; j++) {
      const from = (j * rowBytes) / lanes.bytes;
      for (let i = 0; i < held.cols; i++) product[i * x.cols + j] = values[from + i];
    }
  });
  return { rows: held.cols, cols: x.cols, data: product };
}

interface Part {
  readonly held: StoredRows;
  readonly x: Matrix;
  readonly lines: WideRows;
  readonly sums: number;
  readonly rowBytes: number;
}

/** What some lines add to the sums; the first lines begin them. */
function addLines({ arena, kernels }: Workplace, { held, x, lines, sums, rowBytes }: Part): void {
  const { rows, cols, lanes } = kernels.tiles.f32;
  const { first, count, at, lineBytes } = lines;
  const panelBytes = count * cols * lanes.bytes;
  const step = TOGETHER * cols * lanes.bytes;
  const end = roundUp(held.width, cols) * lanes.bytes;
  arena.scope(() => {
    const left = arena.allocate(roundUp(x.cols, rows) * count * lanes.bytes);
    const leftEnd = left + roundUp(x.cols, rows) * count * lanes.bytes;
    const right = arena.allocate(TOGETHER * panelBytes);
    const scratch = arena.allocate(count * x.cols * lanes.bytes + 16);
    const terms = transposed(block(strided(x), [first, first + count], [0, x.cols]));
    packPanels({ arena, kernels }, terms, { scratch, out: left, to: lanes, panel: rows, alpha: 1 });
    for (let from = 0; from < end; from += step) {
      const length = Math.min(step, end - from);
      const rightEnd = right + (length / (cols * lanes.bytes)) * panelBytes;
      const source = at + from;
      kernels.functions["slice_panels_f32"](
        source,
        source + count * lineBytes,
        lineBytes,
        length,
        right,
        panelBytes,
      );
      kernels.functions["panels_f32"](left, leftEnd, right, rightEnd, sums + from, rowBytes, count, first);
    }
  });
}
