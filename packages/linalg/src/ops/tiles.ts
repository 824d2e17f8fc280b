import type { Strided } from "./strided.ts";

/** Rows and columns of the tile of the product that is kept in registers. */
export const TILE = 4;

/** Terms summed in registers before a tile is added to the result: a packed panel stays in the L1 cache. */
export const DEPTH = 256;

/** Values that `rows` rows of length `depth` take when packed. */
export function packedLength(rows: number, depth: number): number {
  return Math.ceil(rows / TILE) * TILE * depth;
}

/**
 * Copies `a` into panels of four rows, each column by column, as `multiplyTile` reads them.
 * Missing rows of the last panel are zero. Widens f32. Gives the panels.
 */
export function pack(a: Strided, out: Float64Array): Float64Array[] {
  const { data, rowStep, colStep } = a;
  let next = 0;
  for (let row = 0; row < a.rows; row += TILE) {
    const present = Math.min(TILE, a.rows - row);
    let source = row * rowStep;
    for (let k = 0; k < a.cols; k++, source += colStep, next += TILE) {
      if (present === TILE) {
        out[next] = data[source];
        out[next + 1] = data[source + rowStep];
        out[next + 2] = data[source + 2 * rowStep];
        out[next + 3] = data[source + 3 * rowStep];
      } else {
        for (let i = 0; i < TILE; i++) out[next + i] = i < present ? data[source + i * rowStep] : 0;
      }
    }
  }
  return panels(out, a.rows, a.cols);
}

/** The panels of a packed block, each a view of `depth` columns. */
function panels(packed: Float64Array, rows: number, depth: number): Float64Array[] {
  const size = TILE * depth;
  const count = Math.ceil(rows / TILE);
  return Array.from({ length: count }, (_, index) => packed.subarray(index * size, (index + 1) * size));
}

/** The 4 × 4 product of a panel of `a` and a panel of `b` into `tile`: sixteen f64 sums in the order of k. */
export function multiplyTile(a: Float64Array, b: Float64Array, tile: Float64Array): void {
  // oxfmt-ignore
  let c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0,
    c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
  for (let k = 0; k < a.length; k += TILE) {
    const b0 = b[k];
    const b1 = b[k + 1];
    const b2 = b[k + 2];
    const b3 = b[k + 3];
    const a0 = a[k];
    c00 += a0 * b0;
    c01 += a0 * b1;
    c02 += a0 * b2;
    c03 += a0 * b3;
    const a1 = a[k + 1];
    c10 += a1 * b0;
    c11 += a1 * b1;
    c12 += a1 * b2;
    c13 += a1 * b3;
    const a2 = a[k + 2];
    c20 += a2 * b0;
    c21 += a2 * b1;
    c22 += a2 * b2;
    c23 += a2 * b3;
    const a3 = a[k + 3];
    c30 += a3 * b0;
    c31 += a3 * b1;
    c32 += a3 * b2;
    c33 += a3 * b3;
  }
  // oxfmt-ignore
  {
    tile[0] = c00; tile[1] = c01; tile[2] = c02; tile[3] = c03;
    tile[4] = c10; tile[5] = c11; tile[6] = c12; tile[7] = c13;
    tile[8] = c20; tile[9] = c21; tile[10] = c22; tile[11] = c23;
    tile[12] = c30; tile[13] = c31; tile[14] = c32; tile[15] = c33;
  }
}

/** c += tile, the tile's corner at the corner of `c`; what hangs over the edge of `c` is left out. */
export function addTile(tile: Float64Array, c: Strided<Float64Array>, row: number, col: number): void {
  const rows = Math.min(TILE, c.rows - row);
  const cols = Math.min(TILE, c.cols - col);
  const { data, rowStep, colStep } = c;
  for (let i = 0; i < rows; i++) {
    let at = (row + i) * rowStep + col * colStep;
    for (let j = 0; j < cols; j++, at += colStep) data[at] += tile[i * TILE + j];
  }
}
