import { zeros } from "../create.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Operand } from "../ops/strided.ts";
import { block } from "../ops/strided.ts";
import type { GramSums } from "../engine.ts";
import { GRAM_BLOCK } from "./kernels/gram-block.ts";
import { RUN_COLUMNS } from "./kernels/gram-runs.ts";
import { roundUp, stageWide } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Columns of a block of each kernel. */
const WIDTH = {
  gram_columns_f32: 4,
  gram_columns_f64: 4,
  gram_columns_runs: RUN_COLUMNS,
  gram_rows_f32: 2,
  gram_rows_f64: 2,
  gram_rows_runs: 2,
} as const;

/** Values that the kernel of rows in runs takes at a time. */
const RUN_VALUES = 4;

/** Bytes that a block may read past the end of a matrix; what it makes of them is never looked at. */
const OVERHANG = 64;

/** Bytes of rows that are multiplied with each other before the next come: they stay in the L2 cache. */
const CHUNK = 256 * 1024;

/**
 * xᵀ·x with f64 sums, or such of runs in f32, by blocks on and above the diagonal, without packing: some rows of x at a time lie
 * in the engine's memory, as wide as they are. For columns that are few, so that a block's pass over them stays in the cache.
 */
export function gramInMemory(place: Workplace, x: Operand, { inRuns = false }: GramSums = {}): Float64Matrix {
  const n = x.cols;
  const kernel = kernelFor(x, inRuns);
  const bytes = x.data instanceof Float64Array ? 8 : 4;
  const most = Math.max(8, roundUp(Math.floor(CHUNK / (bytes * n)), 8));
  const size = roundUp(n, RUN_COLUMNS);
  const { arena } = place;
  return arena.scope(() => {
    const height = Math.min(most, x.rows);
    const spare = (GRAM_BLOCK - 1) * bytes * Math.max(n, height) + OVERHANG;
    const at = arena.allocate(height * n * (bytes + 2) + spare);
    const out = arena.allocate(8 * size * size);
    arena.doubles.fill(0, out / 8, out / 8 + size * size);
    for (let first = 0; first < x.rows; first += most) {
      const rows = [first, Math.min(first + most, x.rows)] as const;
      addBlocks(place, block(x, rows, [0, n]), { at, bytes, out, size, kernel });
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
  readonly kernel: keyof typeof WIDTH;
}

function kernelFor(x: Operand, inRuns: boolean): keyof typeof WIDTH {
  const side = x.colStep === 1 ? "columns" : "rows";
  if (x.data instanceof Float64Array) return `gram_${side}_f64`;
  return inRuns && (side === "columns" || x.rows % RUN_VALUES === 0)
    ? `gram_${side}_runs`
    : `gram_${side}_f32`;
}

function addBlocks(place: Workplace, x: Operand, { at, bytes, out, size, kernel }: Chunk): void {
  const byColumns = x.colStep === 1;
  const rowBytes = bytes * (byColumns ? x.cols : x.rows);
  const [step, length] = byColumns ? [bytes, rowBytes * x.rows] : [rowBytes, rowBytes];
  stageWide(place, x, at);
  const add = place.kernels.functions[kernel];
  const width = WIDTH[kernel];
  for (let i = 0; i < x.cols; i += GRAM_BLOCK) {
    for (let j = i - (i % width); j < x.cols; j += width) {
      const left = at + i * step;
      add(left, at + j * step, left + length, rowBytes, out + 8 * (i * size + j), 8 * size);
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
