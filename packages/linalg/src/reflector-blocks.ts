import { zeros } from "./create.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Strided } from "./ops/strided.ts";
import { block, strided, transposed } from "./ops/strided.ts";
import { rowsOf } from "./rows-of.ts";

/** How many reflectors are applied at once. */
export const BLOCK = 48;

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

/** What a factorisation left in the rows of `work`: reflectors whose leading 1 is not written. */
export interface Reflected {
  readonly work: Float64Matrix;
  readonly tau: Float64Array;
  /** Reflector j begins at component j + lead; 0 when left out. */
  readonly lead?: number | undefined;
}

/**
 * Gathers reflectors `first` … `last` (exclusive).
 */
export function gatherBlock(
  engine: Engine,
  { work, tau, lead = 0 }: Reflected,
  [first, last]: readonly [number, number],
): ReflectorBlock {
  const from = first + lead;
  const v = zeros(last - first, work.cols - from);
  for (let i = 0; i < v.rows; i++) {
    const row = (first + i) * work.cols;
    v.data.set(work.data.subarray(row + from + i + 1, row + work.cols), i * v.cols + i + 1);
    v.data[i * v.cols + i] = 1;
  }
  return { from, v, t: triangleOf(engine, v, tau.subarray(first, last)) };
}

/** Column j of t is −tauⱼ · t · (v·vⱼ) above the diagonal and tauⱼ on it. */
function triangleOf(engine: Engine, v: Float64Matrix, tau: Float64Array): Float64Matrix {
  const n = v.rows;
  const products = zeros(n, n);
  engine.gemm({ a: strided(v), b: transposed(strided(v)), c: strided(products) });
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
export function applyBlock(
  engine: Pick<Engine, "gemm">,
  reflectors: ReflectorBlock,
  x: Strided<Float64Array>,
  transpose: boolean,
): void {
  const { from, v, t } = reflectors;
  if (x.rows === 0) return;
  const part = block(x, [0, x.rows], [from, x.cols]);
  const [weights, turned] = [zeros(x.rows, v.rows), zeros(x.rows, v.rows)];
  engine.gemm({ a: part, b: transposed(strided(v)), c: strided(weights) });
  const triangle = transpose ? strided(t) : transposed(strided(t));
  engine.gemm({ a: strided(weights), b: triangle, c: strided(turned) });
  engine.gemm({ a: strided(turned), b: strided(v), c: part, alpha: -1, add: true });
}

/** All reflectors of a factorisation in blocks, in the order they were made. */
export function gatherBlocks(engine: Engine, reflected: Reflected): ReflectorBlock[] {
  const count = reflected.tau.length;
  const blocks: ReflectorBlock[] = [];
  for (let first = 0; first < count; first += BLOCK) {
    blocks.push(gatherBlock(engine, reflected, [first, Math.min(first + BLOCK, count)]));
  }
  return blocks;
}

/** Rows up to which applying reflectors one by one costs less than gathering them. */
const FEW_ROWS = 12;

/** x ← (H₁·H₂·…)·x for each row x, or in the other order, which takes it back. */
export function applyReflected(
  engine: Engine,
  reflected: Reflected,
  x: Float64Matrix,
  order: "lastFirst" | "firstFirst" = "lastFirst",
): void {
  if (x.rows <= FEW_ROWS) return applyOneByOne(engine, reflected, x, order);
  const blocks = gatherBlocks(engine, reflected);
  if (order === "lastFirst") engine.reflect(blocks, x);
  else for (const each of blocks) applyBlock(engine, each, strided(x), true);
}

function applyOneByOne(
  engine: Engine,
  { work, tau, lead = 0 }: Reflected,
  x: Float64Matrix,
  order: "lastFirst" | "firstFirst",
): void {
  const count = tau.length;
  engine.withRows([...rowsOf(work, 0, count), ...rowsOf(x)], (rows) => {
    for (let i = 0; i < count; i++) {
      const k = order === "lastFirst" ? count - 1 - i : i;
      if (tau[k] === 0) continue;
      for (let y = count; y < rows.count; y++) rows.reflect(k, y, { tau: tau[k], from: k + lead });
    }
  });
}

/** x ← (H₁·H₂·…)·x for each row x, by products alone. */
export function applyBlocks(
  engine: Pick<Engine, "gemm">,
  blocks: readonly ReflectorBlock[],
  x: Float64Matrix,
): void {
  for (let i = blocks.length - 1; i >= 0; i--) applyBlock(engine, blocks[i], strided(x), false);
}
