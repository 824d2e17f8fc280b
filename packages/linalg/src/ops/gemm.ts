import { gemv } from "./gemv.ts";
import { scale } from "./scale.ts";
import type { Strided } from "./strided.ts";
import { block, transposed } from "./strided.ts";
import { addTile, DEPTH, multiplyTile, pack, packedLength, TILE } from "./tiles.ts";

/** Rows of `a` packed at once: 128 × 256 values stay in the L2 cache. */
const ROWS = 128;
/** Columns of `b` packed at once. */
const COLS = 2048;

/**
 * c += alpha · a · b, with f64 sums whatever the inputs hold. The four transpositions are views.
 *
 * Error: |c − exact| ≤ (k + 2)·2⁻⁵³·(|alpha|·|a|·|b| + |c|), entry by entry. 2·m·n·k operations.
 * Blocking after Goto & van de Geijn, "Anatomy of High-Performance Matrix Multiplication" (2008).
 */
export function gemm(alpha: number, a: Strided, b: Strided, c: Strided<Float64Array>): void {
  if (b.cols === 1) return gemv(alpha, a, b, c);
  if (a.rows === 1) return gemv(alpha, transposed(b), transposed(a), transposed(c));
  const depth = Math.min(DEPTH, a.cols);
  const left = new Float64Array(packedLength(Math.min(ROWS, a.rows), depth));
  const right = new Float64Array(packedLength(Math.min(COLS, b.cols), depth));
  for (const cols of spans(b.cols, COLS)) {
    for (const terms of spans(a.cols, DEPTH)) {
      const bPanels = pack(transposed(block(b, terms, cols)), right);
      if (alpha !== 1) scale(alpha, right);
      for (const rows of spans(a.rows, ROWS)) {
        const aPanels = pack(block(a, rows, terms), left);
        addProduct(aPanels, bPanels, block(c, rows, cols));
      }
    }
  }
}

/** 0 to `size` in pieces of `step`. */
function* spans(size: number, step: number): Generator<readonly [from: number, to: number]> {
  for (let from = 0; from < size; from += step) yield [from, Math.min(from + step, size)];
}

function addProduct(a: readonly Float64Array[], b: readonly Float64Array[], c: Strided<Float64Array>): void {
  const tile = new Float64Array(TILE * TILE);
  for (let j = 0; j < b.length; j++) {
    for (let i = 0; i < a.length; i++) {
      multiplyTile(a[i], b[j], tile);
      addTile(tile, c, i * TILE, j * TILE);
    }
  }
}
