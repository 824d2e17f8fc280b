import type { Matrix } from "../matrix.ts";
import { strided, transposed } from "../ops/strided.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { StoredRows, WideRows } from "./stored-rows.ts";
import { eachWide } from "./stored-rows.ts";
import type { Workplace } from "./workplace.ts";

/** Lines that are a multiple of this many bytes long share few places of an L1 cache; so many more bytes keep them apart. */
const [CACHE_PERIOD, CACHE_LINE] = [2048, 64];

/** Columns that a matrix is multiplied with, packed. */
export interface PackedColumns {
  /** How many. */
  readonly cols: number;
  /** Where their panels lie, and how long each is. */
  readonly at: number;
  readonly panelBytes: number;
}

/**
 * a · x in f32 for few columns: the rows of a are widened, some at a time, and multiplied where they lie; only x is
 * packed.
 */
export function multiplyRows(workplace: Workplace, held: StoredRows, x: Matrix): Matrix {
  const data = new Float32Array(held.rows * x.cols);
  withPackedColumns(workplace, held.width, x, (columns) => multiplyPacks(workplace, held, columns, data));
  return { rows: held.rows, cols: x.cols, data };
}

/** Runs `work` with columns packed for rows that are held `width` values long. */
export function withPackedColumns<T>(
  workplace: Workplace,
  width: number,
  x: Matrix,
  work: (columns: PackedColumns) => T,
): T {
  const { arena, kernels } = workplace;
  const { cols, lanes } = kernels.tiles.f32;
  const panelBytes = width * cols * lanes.bytes;
  return arena.scope(() => {
    const at = arena.allocate(Math.ceil(x.cols / cols) * panelBytes);
    packColumns(workplace, width, x, at);
    return work({ cols: x.cols, at, panelBytes });
  });
}

/** The product of rows with packed columns, to the front of `out`. */
export function multiplyPacks(
  workplace: Workplace,
  held: StoredRows,
  { cols: count, at: panels, panelBytes }: PackedColumns,
  out: Float32Array,
): void {
  const { arena, kernels } = workplace;
  const { rows, cols, lanes } = kernels.tiles.f32;
  const cRow = roundUp(count, cols) * lanes.bytes;
  const multiply = ({ at, first, count: lines, lineBytes }: WideRows): void => {
    const tiles = arena.allocate(roundUp(lines, rows) * cRow);
    for (let panel = 0; panel * cols < count; panel++) {
      const b = panels + panel * panelBytes;
      for (let row = 0; row < lines; row += rows) {
        const c = tiles + row * cRow + panel * cols * lanes.bytes;
        kernels.functions["rows_tile_f32"](at + row * lineBytes, lineBytes, b, b + panelBytes, c, cRow);
      }
    }
    const product = arena.singles.subarray(tiles / lanes.bytes, (tiles + lines * cRow) / lanes.bytes);
    copyRows(product, out.subarray(first * count), { rows: lines, cols: count, pitch: cRow / lanes.bytes });
  };
  eachWide(workplace, held, (lines) => arena.scope(() => multiply(lines)), apart(4 * held.width));
}

/** The length of lines that do not all fall on the same places of the L1 cache. */
function apart(bytes: number): number {
  return bytes % CACHE_PERIOD === 0 ? bytes + CACHE_LINE : bytes;
}

/** Panels of x as long as a line is held; terms that it lacks are zero. */
function packColumns(workplace: Workplace, width: number, x: Matrix, out: number): void {
  const { arena, kernels } = workplace;
  const { cols, lanes } = kernels.tiles.f32;
  arena.scope(() => {
    const lines = transposed(strided(padded(x, width)));
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

interface RowsApart {
  readonly rows: number;
  readonly cols: number;
  /** Values from one to the next where they come from. */
  readonly pitch: number;
}

function copyRows(from: Float32Array, to: Float32Array, { rows, cols, pitch }: RowsApart): void {
  if (pitch === cols) to.set(from);
  else
    for (let row = 0; row < rows; row++) to.set(from.subarray(row * pitch, row * pitch + cols), row * cols);
}
