import type { Float64Matrix } from "../float64-matrix.ts";
import { zeros } from "../create.ts";
import type { Strided } from "./strided.ts";
import { block, strided, transposed } from "./strided.ts";
import { addTile, DEPTH, multiplyTile, pack, packedLength, TILE } from "./tiles.ts";

/** xᵀ·x with f64 sums: only the tiles on and above the diagonal are calculated. m·n² operations. */
export function gram(x: Strided): Float64Matrix {
  const n = x.cols;
  const product = zeros(n, n);
  const c = strided(product);
  const values = new Float64Array(packedLength(n, Math.min(DEPTH, x.rows)));
  const tile = new Float64Array(TILE * TILE);
  for (let from = 0; from < x.rows; from += DEPTH) {
    const terms = block(x, [from, Math.min(from + DEPTH, x.rows)], [0, n]);
    const panels = pack(transposed(terms), values);
    for (let i = 0; i < panels.length; i++) {
      for (let j = i; j < panels.length; j++) {
        multiplyTile(panels[i], panels[j], tile);
        addTile(tile, c, i * TILE, j * TILE);
      }
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) product.data[i * n + j] = product.data[j * n + i];
  return product;
}
