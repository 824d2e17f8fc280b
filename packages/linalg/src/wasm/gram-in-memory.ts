import { zeros } from "../create.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Operand } from "../ops/strided.ts";
import { GRAM_BLOCK } from "./kernels/gram-block.ts";
import { roundUp, stageWide } from "./pack-panels.ts";
import type { Workplace } from "./workplace.ts";

/** Columns of a block of either kernel. */
const WIDTH = { columns: 4, rows: 2 } as const;

/** Bytes that a block may read past the end of a matrix; what it makes of them is never looked at. */
const OVERHANG = 64;

/**
 * xᵀ·x with f64 sums, by blocks on and above the diagonal, without packing: x lies in the engine's memory once, as wide
 * as it is. For columns that are few, so that a block's pass over them stays in the cache.
 */
export function gramInMemory({ arena, kernels }: Workplace, x: Operand): Float64Matrix {
  const n = x.cols;
  const side = x.colStep === 1 ? "columns" : "rows";
  const [type, bytes] = x.data instanceof Float64Array ? (["f64", 8] as const) : (["f32", 4] as const);
  const product = zeros(n, n);
  arena.scope(() => {
    const size = roundUp(n, GRAM_BLOCK);
    const rowBytes = bytes * (side === "columns" ? n : x.rows);
    const spare = (GRAM_BLOCK - 1) * rowBytes + OVERHANG;
    const at = arena.allocate(x.rows * n * (bytes + 2) + spare);
    const out = arena.allocate(8 * size * size);
    stageWide({ arena, kernels }, x, at);
    const [step, length] = side === "columns" ? [bytes, rowBytes * x.rows] : [rowBytes, rowBytes];
    const block = kernels.functions[`gram_${side}_${type}`];
    for (let i = 0; i < n; i += GRAM_BLOCK) {
      for (let j = i; j < n; j += WIDTH[side]) {
        const left = at + i * step;
        block(left, at + j * step, left + length, rowBytes, out + 8 * (i * size + j), 8 * size);
      }
    }
    const { doubles } = arena;
    for (let i = 0; i < n; i++) {
      for (let j = i; j < n; j++) {
        product.data[i * n + j] = product.data[j * n + i] = doubles[out / 8 + i * size + j];
      }
    }
  });
  return product;
}
