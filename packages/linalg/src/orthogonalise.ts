import { LoraError } from "@lora/tensor";
import type { Engine, Rows } from "./engine.ts";
import { jacobiTurn } from "./jacobi-turn.ts";

/** Sweeps after which the method is said to have failed; ten are many. */
const MOST_SWEEPS = 60;

/** Vectors that meet each other before the next ones are fetched; two such blocks stay in the L2 cache. */
const BLOCK = 16;

/**
 * One-sided Jacobi: rotates the vectors in pairs until all are orthogonal to working precision. Each vector may
 * carry more components than the ones that count, which are rotated along: a unit vector there accumulates
 * the rotations. High relative accuracy for every norm, however small.
 *
 * Source: de Rijk, "A One-Sided Jacobi Algorithm for Computing the SVD on a Vector Computer" (1989).
 *
 * @param vectors are rotated and reordered in place
 * @param length how many leading components count
 * @throws LoraError NUMERIC when it does not converge
 */
export function orthogonalise(engine: Engine, vectors: Float64Array[], length: number): void {
  engine.withRows(vectors, (rows) => {
    runSweeps({ rows, length, tolerance: toleranceOf(length), squares: new Float64Array(rows.count) });
  });
}

/** The cosine below which vectors of so many components count as orthogonal. */
export function toleranceOf(length: number): number {
  return 4 * Math.sqrt(length) * Number.EPSILON;
}

function runSweeps(pairs: Pairs): void {
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (!runSweep(pairs)) return;
  }
  throw new LoraError("NUMERIC", `the Jacobi method did not converge in ${MOST_SWEEPS} sweeps`);
}

interface Pairs {
  readonly rows: Rows;
  /** How many leading components count. */
  readonly length: number;
  /** Squared lengths, of the components that count. */
  readonly squares: Float64Array;
  /** The cosine below which two vectors count as orthogonal. */
  readonly tolerance: number;
}

/**
 * Meets every pair once, in blocks that stay in the cache while they meet each other. A vector that begins its
 * turn is the longest of those whose turn is still to come. Whether anything was rotated.
 */
function runSweep(pairs: Pairs): boolean {
  const { rows, length, squares } = pairs;
  const { count } = rows;
  for (let i = 0; i < count; i++) squares[i] = rows.dot(i, i, length);
  let rotated = false;
  for (let first = 0; first < count; first += BLOCK) {
    const end = Math.min(first + BLOCK, count);
    for (let i = first; i < end; i++) {
      bringLongest(pairs, i);
      for (let j = i + 1; j < end; j++) rotated = orthogonalisePair(pairs, i, j) || rotated;
    }
    for (let other = end; other < count; other += BLOCK) {
      const otherEnd = Math.min(other + BLOCK, count);
      for (let i = first; i < end; i++) {
        for (let j = other; j < otherEnd; j++) rotated = orthogonalisePair(pairs, i, j) || rotated;
      }
    }
  }
  return rotated;
}

function bringLongest({ rows, squares }: Pairs, i: number): void {
  let longest = i;
  for (let j = i + 1; j < squares.length; j++) if (squares[j] > squares[longest]) longest = j;
  if (longest === i) return;
  rows.swap(i, longest);
  [squares[i], squares[longest]] = [squares[longest], squares[i]];
}

/** Rotates vectors i and j to right angles; false when they are there already. */
function orthogonalisePair(pairs: Pairs, i: number, j: number): boolean {
  const { rows, length, squares, tolerance } = pairs;
  const [squareI, squareJ] = [squares[i], squares[j]];
  if (squareI === 0 || squareJ === 0) return false;
  const product = rows.dot(i, j, length);
  if (Math.abs(product) <= tolerance * Math.sqrt(squareI) * Math.sqrt(squareJ)) return false;
  const { c, s, t } = jacobiTurn(squareI, squareJ, product);
  rows.rotate(i, j, { c, s });
  squares[i] = updated(pairs, i, -t * product);
  squares[j] = updated(pairs, j, t * product);
  return true;
}

/** square + change; taken afresh from the vector where the difference has lost digits. */
function updated({ rows, length, squares }: Pairs, i: number, change: number): number {
  const square = squares[i];
  const sum = square + change;
  return sum > square / 8 ? sum : rows.dot(i, i, length);
}
