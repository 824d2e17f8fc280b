import { zeros } from "./create.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { gemm } from "./ops/gemm.ts";
import type { Strided } from "./ops/strided.ts";
import { block, strided, transposed } from "./ops/strided.ts";

/** How many reflectors are applied at once. */
export const BLOCK = 32;

/**
 * A product of reflectors, H₁·H₂·… = I − vᵀ·t·v: the compact WY form, applied by two products instead of one
 * pass a reflector. It acts on components `from` and later.
 *
 * Source: Schreiber & Van Loan, "A Storage-Efficient WY Representation" (1989).
 */
export interface ReflectorBlock {
  readonly from: number;
  /** One reflector a row, its leading 1 and the zeros before it written out. */
  readonly v: Float64Matrix;
  /** Upper triangular. */
  readonly t: Float64Matrix;
}

/**
 * Gathers reflectors `first` … `last` (exclusive) that a factorisation left in the rows of `work`.
 *
 * @param lead reflector j begins at component j + lead
 */
export function gatherBlock(
  work: Float64Matrix,
  tau: Float64Array,
  [first, last]: readonly [number, number],
  lead = 0,
): ReflectorBlock {
  const from = first + lead;
  const v = zeros(last - first, work.cols - from);
  for (let i = 0; i < v.rows; i++) {
    const row = (first + i) * work.cols;
    v.data.set(work.data.subarray(row + from + i + 1, row + work.cols), i * v.cols + i + 1);
    v.data[i * v.cols + i] = 1;
  }
  return { from, v, t: triangleOf(v, tau.subarray(first, last)) };
}

/** Column j of t is −tauⱼ · t · (v·vⱼ) above the diagonal and tauⱼ on it. */
function triangleOf(v: Float64Matrix, tau: Float64Array): Float64Matrix {
  const n = v.rows;
  const products = zeros(n, n);
  gemm(1, strided(v), transposed(strided(v)), strided(products));
  const t = zeros(n, n);
  for (let j = 0; j < n; j++) {
    for (let i = 0; i < j; i++) {
      let sum = 0;
      for (let k = i; k < j; k++) sum += t.data[i * n + k] * products.data[k * n + j];
      t.data[i * n + j] = -tau[j] * sum;
    }
    t.data[j * n + j] = tau[j];
  }
  return t;
}

/**
 * Applies a block to vectors that are the rows of `x`: its transpose (as factorising needs it), or the block
 * itself (as forming Q needs it).
 */
export function applyBlock(reflectors: ReflectorBlock, x: Strided<Float64Array>, transpose: boolean): void {
  const { from, v, t } = reflectors;
  if (x.rows === 0) return;
  const part = block(x, [0, x.rows], [from, x.cols]);
  const [weights, turned] = [zeros(x.rows, v.rows), zeros(x.rows, v.rows)];
  gemm(1, part, transposed(strided(v)), strided(weights));
  gemm(1, strided(weights), transpose ? strided(t) : transposed(strided(t)), strided(turned));
  gemm(-1, strided(turned), strided(v), part);
}

/** All reflectors of a factorisation in blocks, in the order they were made. */
export function gatherBlocks(work: Float64Matrix, tau: Float64Array, lead = 0): ReflectorBlock[] {
  const blocks: ReflectorBlock[] = [];
  for (let first = 0; first < tau.length; first += BLOCK) {
    blocks.push(gatherBlock(work, tau, [first, Math.min(first + BLOCK, tau.length)], lead));
  }
  return blocks;
}

/** x ← (H₁·H₂·…)·x for each row x. */
export function applyBlocks(blocks: readonly ReflectorBlock[], x: Float64Matrix): void {
  for (let i = blocks.length - 1; i >= 0; i--) applyBlock(blocks[i], strided(x), false);
}
