import { checkStoredSum } from "../check-stored-sum.ts";
import type { HeldSum, RowsOfSum, StoredSum, SumFacts } from "../engine.ts";
import { block, narrowed, type Operand, transposed } from "../ops/strided.ts";
import { STORED_BYTES } from "../stored-matrix.ts";
import { addTilesName } from "./kernels/add-tiles.ts";
import { lineInPanel } from "./kernels/pack.ts";
import { packHalves } from "./pack-halves.ts";
import { type Packing, packPanels, roundUp } from "./pack-panels.ts";
import { quietSingles, quietStored } from "./quiet-nans.ts";
import type { Workplace } from "./workplace.ts";

/** Rows that `addStored` takes at a time, and that are moved where they do not fill tiles: with their panels they stay in the L2 cache. */
const ROWS = 24;
/** Columns of a strip: their panels are read again for the next strip. */
const COLS = 2048;
/** Values of a factor that are packed at a time, unless one panel has more. */
const PACKED = 2 ** 17;

/** Where all that a sum takes lies in the engine's memory. */
interface Plan {
  readonly sum: RowsOfSum;
  /** Addresses of panels, of stored rows, of rows that fill tiles, of a tile of the product and of the sums. */
  readonly left: number;
  readonly right: number;
  readonly rows: number;
  readonly padded: number;
  readonly tile: number;
  readonly sums: number;
  readonly rowBytes: number;
  /** From one row that fills tiles to the next. */
  readonly pitch: number;
}

/** `Engine.addStored`: some rows at a time go in, are added to, and come out. */
export function addStoredInMemory(place: Workplace, sum: StoredSum): SumFacts {
  checkStoredSum(sum);
  const { bytes, a } = sum;
  return withStoredSumInMemory(place, { ...sum, room: Math.min(ROWS, a.rows) }, ({ memory, add, facts }) => {
    const rowBytes = bytes.length / a.rows;
    for (let first = 0; first < a.rows; first += ROWS) {
      const count = Math.min(ROWS, a.rows - first);
      const outside = bytes.subarray(first * rowBytes, (first + count) * rowBytes);
      memory.set(outside);
      add(first, count);
      outside.set(memory.subarray(0, outside.length));
    }
    return facts();
  });
}

/** `Engine.withStoredSum`: both factors are packed once, and rows are added to where they lie. */
export function withStoredSumInMemory<T>(place: Workplace, given: RowsOfSum, work: (held: HeldSum) => T): T {
  const { arena } = place;
  return arena.scope(() => {
    const plan = packed(place, { ...given, a: narrowed(given.a), b: narrowed(given.b) });
    const { rows, rowBytes, sums, sum } = plan;
    arena.doubles.fill(0, sums / 8, sums / 8 + 4);
    const total = (at: number): number => arena.doubles[at / 8] + arena.doubles[at / 8 + 1];
    const errorSquares = (): number => total(sums + 16);
    return work({
      memory: new Uint8Array(arena.memory.buffer, rows, sum.room * rowBytes),
      add(first, count) {
        addRows(place, plan, { first, count });
        if (!Number.isFinite(errorSquares())) quietStored(place, sum.dtype, rows, count * rowBytes);
      },
      facts: () => ({ squares: total(sums), errorSquares: errorSquares() }),
    });
  });
}

function packed(place: Workplace, sum: RowsOfSum): Plan {
  const { arena, kernels } = place;
  const { a, b, dtype, room } = sum;
  const shape = kernels.tiles.stored;
  const rowBytes = b.cols * STORED_BYTES[dtype];
  const pitch = roundUp(b.cols, shape.cols) * STORED_BYTES[dtype];
  const evenFirst = dtype !== "f32";
  const [leftBytes, rightBytes] = [roundUp(a.rows, shape.rows), roundUp(b.cols, shape.cols)].map(
    (lines) => lines * a.cols * 4,
  );
  const plan = {
    sum,
    rowBytes,
    pitch,
    left: arena.allocate(leftBytes),
    right: arena.allocate(rightBytes),
    rows: arena.allocate(room * rowBytes),
    padded: arena.allocate(pitch === rowBytes ? 0 : ROWS * pitch),
    tile: arena.allocate(shape.rows * shape.cols * 4),
    sums: arena.allocate(32),
  };
  packAll(place, a, { out: plan.left, panel: shape.rows });
  const finite = packRight(place, transposed(b), { out: plan.right, panel: shape.cols, evenFirst });
  if (pitch !== rowBytes) {
    // What rows are longer by is added to like all else, and must not count: zeros, to which zeros are added.
    new Uint8Array(arena.memory.buffer).fill(0, plan.padded, plan.padded + ROWS * pitch);
    const over = b.cols % shape.cols;
    const lines = Array.from({ length: shape.cols - over }, (_, i) => lineInPanel(over + i, evenFirst));
    const last = plan.right / 4 + (b.cols - over) * a.cols;
    for (let at = last; at < last + a.cols * shape.cols; at += shape.cols)
      for (const line of lines) arena.singles[at + line] = 0;
  }
  quietSingles(place, plan.left, plan.left + leftBytes);
  if (!finite) quietSingles(place, plan.right, plan.right + rightBytes);
  return plan;
}

type Panels = Pick<Packing, "out" | "panel" | "evenFirst">;

/** @returns whether all values are known to be finite */
function packRight(place: Workplace, columns: Operand, panels: Panels): boolean {
  if (panels.evenFirst && "dtype" in columns) return packHalves(place, columns, panels.out);
  packAll(place, columns, panels);
  return false;
}

/** All terms of a panel lie one behind the other. */
function packAll(place: Workplace, lines: Operand, { out, panel, evenFirst }: Panels): void {
  const { rows, cols } = lines;
  const step = Math.max(panel, Math.floor(PACKED / cols / panel) * panel);
  place.arena.scope(() => {
    const scratch = place.arena.allocate(Math.min(step, rows) * cols * 8 + 16);
    for (let from = 0; from < rows; from += step) {
      const some = block(lines, [from, Math.min(rows, from + step)], [0, cols]);
      const to = place.kernels.tiles.stored.lanes;
      packPanels(place, some, { scratch, to, panel, alpha: 1, evenFirst, out: out + from * cols * 4 });
    }
  });
}

interface Span {
  readonly first: number;
  readonly count: number;
}

/** Adds to rows where they lie, or where they fill tiles. */
function addRows({ arena, kernels }: Workplace, plan: Plan, { first, count }: Span): void {
  const { rows, padded, rowBytes, pitch } = plan;
  if (pitch === rowBytes) return addStrips({ arena, kernels }, plan, { first, count, at: rows });
  const memory = new Uint8Array(arena.memory.buffer);
  for (let row = 0; row < count; row += ROWS) {
    const some = Math.min(ROWS, count - row);
    for (let i = 0; i < some; i++) {
      const from = rows + (row + i) * rowBytes;
      memory.copyWithin(padded + i * pitch, from, from + rowBytes);
    }
    addStrips({ arena, kernels }, plan, { first: first + row, count: some, at: padded });
    for (let i = 0; i < some; i++) {
      const from = padded + i * pitch;
      memory.copyWithin(rows + (row + i) * rowBytes, from, from + rowBytes);
    }
  }
}

/** Strip by strip of a tile's height, a block of columns after the other. */
function addStrips({ kernels }: Workplace, plan: Plan, span: Span & { readonly at: number }): void {
  const { sum, left, right, tile, sums, pitch } = plan;
  const { first, count, at } = span;
  const { rows: height, cols } = kernels.tiles.stored;
  const { dtype, roundProduct = false, alpha = 1 } = sum;
  const add = kernels.functions[addTilesName({ type: dtype, roundProduct })];
  const terms = sum.a.cols;
  const width = roundUp(sum.b.cols, cols);
  for (let row = 0; row < count; row += ROWS) {
    for (let col = 0; col < width; col += COLS) {
      const [b, bEnd] = [col, Math.min(width, col + COLS)].map((column) => right + 4 * column * terms);
      for (let strip = row; strip < Math.min(count, row + ROWS); strip += height) {
        const a = left + 4 * (first + strip) * terms;
        const w = at + strip * pitch + col * STORED_BYTES[dtype];
        add(a, b, bEnd, terms, w, pitch, Math.min(height, count - strip), tile, alpha, sums);
      }
    }
  }
}
