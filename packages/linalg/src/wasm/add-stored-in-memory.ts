import { checkStoredSum } from "../check-stored-sum.ts";
import type { StoredSum, SumFacts } from "../engine.ts";
import { block, narrowed, transposed } from "../ops/strided.ts";
import { STORED_BYTES } from "../stored-matrix.ts";
import { ADD_STEP, addStoredName } from "./kernels/add-stored.ts";
import { packPanels, roundUp } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Rows and columns of the product that are formed at once: with their panels they stay in the L2 cache. */
const [ROWS, COLS] = [24, 2048];
/** Terms of one pass of a tile. */
const TERMS = 256;

/** The panels of both operands, and how the stored rows lie in the engine's memory. */
interface Plan {
  readonly sum: StoredSum;
  /** Addresses of panels, of the product, of stored rows and of the sums. */
  readonly left: number;
  readonly right: number;
  readonly product: number;
  readonly rows: number;
  readonly sums: number;
  /** From one stored row to the next. */
  readonly pitch: number;
  /** Columns, rounded up to whole tiles. */
  readonly width: number;
  /** Rows, rounded up to whole tiles. */
  readonly height: number;
}

/** `Engine.addStored`: both factors are packed once, then some rows at a time go in, are added to, and come out. */
export function addStoredInMemory(place: Workplace, given: StoredSum): SumFacts {
  checkStoredSum(given);
  const { arena } = place;
  const sum = { ...given, a: narrowed(given.a), b: narrowed(given.b) };
  return arena.scope(() => {
    const plan = packed(place, sum);
    arena.doubles.fill(0, plan.sums / 8, plan.sums / 8 + 4);
    for (let row = 0; row < sum.a.rows; row += ROWS) addRows(place, plan, row);
    const [first, second, third, fourth] = arena.doubles.subarray(plan.sums / 8, plan.sums / 8 + 4);
    return { squares: first + second, errorSquares: third + fourth };
  });
}

function packed(place: Workplace, sum: StoredSum): Plan {
  const { arena, kernels } = place;
  const { a, b, dtype } = sum;
  const shape = kernels.tiles.f32;
  const [height, width] = [roundUp(a.rows, shape.rows), roundUp(b.cols, shape.cols)];
  const pitch = roundUp(b.cols, ADD_STEP) * STORED_BYTES[dtype];
  const plan = {
    sum,
    height,
    width,
    pitch,
    left: arena.allocate(height * a.cols * 4),
    right: arena.allocate(width * a.cols * 4),
    product: arena.allocate(ROWS * Math.min(COLS, width) * 4),
    rows: arena.allocate(ROWS * pitch),
    sums: arena.allocate(32),
  };
  arena.scope(() => {
    const scratch = arena.allocate(Math.max(a.rows, b.cols) * Math.min(TERMS, a.cols) * 8 + 16);
    const packing = { scratch, to: shape.lanes, alpha: 1 };
    for (let term = 0; term < a.cols; term += TERMS) {
      const terms = [term, Math.min(a.cols, term + TERMS)] as const;
      const out = [plan.left + term * height * 4, plan.right + term * width * 4] as const;
      packPanels(place, block(a, [0, a.rows], terms), { ...packing, out: out[0], panel: shape.rows });
      const columns = transposed(block(b, terms, [0, b.cols]));
      packPanels(place, columns, { ...packing, out: out[1], panel: shape.cols });
    }
  });
  // What rows are longer by is added to like all else, and must not count.
  new Uint8Array(arena.memory.buffer).fill(0, plan.rows, plan.rows + ROWS * pitch);
  return plan;
}

/** Copies some rows in, adds their part of the product, and copies them out. */
function addRows(place: Workplace, plan: Plan, first: number): void {
  const { sum, rows, pitch, width } = plan;
  const rowBytes = sum.b.cols * STORED_BYTES[sum.dtype];
  const count = Math.min(ROWS, sum.a.rows - first);
  const memory = new Uint8Array(place.arena.memory.buffer);
  const outside = sum.bytes.subarray(first * rowBytes, (first + count) * rowBytes);
  if (pitch === rowBytes) memory.set(outside, rows);
  else {
    for (let i = 0; i < count; i++)
      memory.set(outside.subarray(i * rowBytes, (i + 1) * rowBytes), rows + i * pitch);
  }
  for (let col = 0; col < width; col += COLS) addBlock(place, plan, { first, count, col });
  if (pitch === rowBytes) outside.set(memory.subarray(rows, rows + count * pitch));
  else {
    for (let i = 0; i < count; i++)
      outside.set(memory.subarray(rows + i * pitch, rows + i * pitch + rowBytes), i * rowBytes);
  }
}

interface Block {
  readonly first: number;
  readonly count: number;
  readonly col: number;
}

/** Forms a block of the product and adds it row by row. */
function addBlock({ arena, kernels }: Workplace, plan: Plan, { first, count, col }: Block): void {
  const { sum, left, right, height, width, product, rows, pitch, sums } = plan;
  const { rows: tileRows } = kernels.tiles.f32;
  const cols = Math.min(COLS, width - col);
  const lines = roundUp(count, tileRows);
  for (let term = 0; term < sum.a.cols; term += TERMS) {
    const depth = Math.min(TERMS, sum.a.cols - term);
    const a = left + 4 * (term * height + first * depth);
    const b = right + 4 * (term * width + col * depth);
    const c = [product, cols * 4] as const;
    kernels.functions["panels_f32"](a, a + 4 * lines * depth, b, b + 4 * cols * depth, ...c, depth, term);
  }
  const add = kernels.functions[addStoredName(sum.dtype, sum.roundProduct ?? false)];
  const bytes = STORED_BYTES[sum.dtype];
  for (let i = 0; i < count; i++) {
    const [row, line] = [rows + i * pitch, product / 4 + i * cols];
    // Columns of a tile beyond those of b hold anything, and must not count.
    if (col + cols > sum.b.cols) arena.singles.fill(0, line + sum.b.cols - col, line + cols);
    const end = Math.min(row + (col + cols) * bytes, row + pitch);
    add(row + col * bytes, end, 4 * line, sum.alpha ?? 1, sums);
  }
}
