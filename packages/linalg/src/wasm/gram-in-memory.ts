import { zeros } from "../create.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Operand } from "../ops/strided.ts";
import { block } from "../ops/strided.ts";
import { GRAM_BLOCK } from "./kernels/gram-block.ts";
import { roundUp, stageWide } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Columns of a block of either kernel. */
const WIDTH = { columns: 4, rows: 2 } as const;

/** Bytes that a block may read past the end of a matrix; what it makes of them is never looked at. */
const OVERHANG = 64;

/** Bytes of rows that are multiplied with each other before the next come: they stay in the L2 cache. */
const CHUNK = 256 * 1024;

/**
 * xᵀ·x with f64 sums, by blocks on and above the diagonal, without packing: some rows of x at a time lie in the engine's
 * memory, as wide as they are. For columns that are few, so that a block's pass over them stays in the cache.
 */
export function gramInMemory(place: Workplace, x: Operand): Float64Matrix {
  const n = x.cols;
  const bytes = x.data instanceof Float64Array ? 8 : 4;
  const most = Math.max(8, roundUp(Math.floor(CHUNK / (bytes * n)), 8));
  const size = roundUp(n, GRAM_BLOCK);
  const { arena } = place;
  return arena.scope(() => {
    const height = Math.min(most, x.rows);
    const spare = (GRAM_BLOCK - 1) * bytes * Math.max(n, height) + OVERHANG;
    const at = arena.allocate(height * n * (bytes + 2) + spare);
    const out = arena.allocate(8 * size * size);
    arena.doubles.fill(0, out / 8, out / 8 + size * size);
    for (let first = 0; first < x.rows; first += most) {
      const rows = [first, Math.min(first + most, x.rows)] as const;
      addBlocks(place, block(x, rows, [0, n]), { at, bytes, out, size });
    }
    return mirrored(arena.doubles.subarray(out / 8, out / 8 + size * size), n, size);
  });
}

interface Chunk {
  /** Where the rows go, and how wide their values are there. */
  readonly at: number;
  readonly bytes: 4 | 8;
  /** The product, `size` to a row. */
  readonly out: number;
  readonly size: number;
}

function addBlocks(place: Workplace, x: Operand, { at, bytes, out, size }: Chunk): void {
  const side = x.colStep === 1 ? "columns" : "rows";
  const rowBytes = bytes * (side === "columns" ? x.cols : x.rows);
  const [step, length] = side === "columns" ? [bytes, rowBytes * x.rows] : [rowBytes, rowBytes];
  stageWide(place, x, at);
  const kernel = place.kernels.functions[`gram_${side}_${bytes === 8 ? "f64" : "f32"}`];
  for (let i = 0; i < x.cols; i += GRAM_BLOCK) {
    for (let j = i; j < x.cols; j += WIDTH[side]) {
      const left = at + i * step;
      kernel(left, at + j * step, left + length, rowBytes, out + 8 * (i * size + j), 8 * size);
    }
  }
}

/** The upper triangle of a product whose rows are `size` long, and its mirror image. */
function mirrored(upper: Float64Array, n: number, size: number): Float64Matrix {
  const product = zeros(n, n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) product.data[i * n + j] = product.data[j * n + i] = upper[i * size + j];
  }
  return product;
}
