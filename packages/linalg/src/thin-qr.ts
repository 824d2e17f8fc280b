import { transpose } from "./arrange.ts";
import { zeros } from "./create.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { makeReflector } from "./householder.ts";
import type { Matrix } from "./matrix.ts";
import { strided, block } from "./ops/strided.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { Reflected, ReflectorBlock } from "./reflector-blocks.ts";
import { applyBlock, BLOCK, gatherBlock } from "./reflector-blocks.ts";
import { rowsOf } from "./rows-of.ts";
import { upperTriangle } from "./upper-triangle.ts";

/** a = q · r */
export interface Qr {
  /** m × k with orthonormal columns, k = min(m, n) */
  readonly q: Float64Matrix;
  /** k × n, upper triangular (upper trapezoidal where m < n) */
  readonly r: Float64Matrix;
}

/**
 * Thin QR factorisation by blocked Householder reflections, of any shape and any rank: backward stable column
 * by column, |a − q·r| ≤ c·m·n·2⁻⁵³·‖aⱼ‖ (Higham, Accuracy and Stability §19.3). The diagonal of r may have
 * either sign. 4·m·n² operations for a tall matrix.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 */
export function thinQr(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Qr {
  refuseNonFinite(a, "a");
  const work = transpose(a);
  const k = Math.min(a.rows, a.cols);
  const tau = new Float64Array(k);
  const blocks: ReflectorBlock[] = [];
  for (let first = 0; first < k; first += BLOCK) {
    const span = [first, Math.min(first + BLOCK, k)] as const;
    factorPanel(engine, { work, tau }, span);
    const reflectors = gatherBlock(engine, { work, tau }, span);
    blocks.push(reflectors);
    const rest = block(strided(work), [span[1], work.rows], [0, work.cols]);
    applyBlock(engine, reflectors, rest, true);
  }
  return { q: formQ(engine, blocks, [a.rows, k]), r: upperTriangle(work, k) };
}

/** Reflects columns `first` … `last` of a, which are rows of `work`, one after another. */
function factorPanel(
  engine: Engine,
  { work, tau }: Reflected,
  [first, last]: readonly [number, number],
): void {
  engine.withRows(rowsOf(work, first, last), (columns) => {
    for (let j = 0; j < columns.count; j++) {
      const from = first + j;
      tau[from] = makeReflector(columns.vector(j).subarray(from));
      for (let other = j + 1; other < columns.count; other++)
        columns.reflect(j, other, { tau: tau[from], from });
    }
  });
}

function formQ(
  engine: Engine,
  blocks: readonly ReflectorBlock[],
  [m, k]: readonly [number, number],
): Float64Matrix {
  const columnsOfQ = zeros(k, m);
  for (let i = 0; i < k; i++) columnsOfQ.data[i * m + i] = 1;
  engine.reflect(blocks, columnsOfQ);
  return transpose(columnsOfQ);
}
