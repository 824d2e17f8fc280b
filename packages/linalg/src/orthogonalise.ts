import { LoraError } from "@lora/tensor";
import { hypotenuse } from "./hypotenuse.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { rotate } from "./ops/rotate.ts";

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
export function orthogonalise(vectors: Float64Array[], length: number): void {
  const pairs: Pairs = {
    vectors,
    heads: vectors.map((vector) => vector.subarray(0, length)),
    squares: new Float64Array(vectors.length),
    tolerance: 4 * Math.sqrt(length) * Number.EPSILON,
  };
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    if (!runSweep(pairs)) return;
  }
  throw new LoraError("NUMERIC", `the Jacobi method did not converge in ${MOST_SWEEPS} sweeps`);
}

interface Pairs {
  readonly vectors: Float64Array[];
  /** The leading components of each vector. */
  readonly heads: Float64Array[];
  /** ‖head‖² */
  readonly squares: Float64Array;
  /** The cosine below which two vectors count as orthogonal. */
  readonly tolerance: number;
}

/**
 * Meets every pair once, in blocks that stay in the cache while they meet each other. A vector that begins its
 * turn is the longest of those whose turn is still to come. Whether anything was rotated.
 */
function runSweep(pairs: Pairs): boolean {
  const { heads, squares } = pairs;
  const count = heads.length;
  for (let i = 0; i < count; i++) squares[i] = dotVectors(heads[i], heads[i]);
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

function bringLongest({ vectors, heads, squares }: Pairs, i: number): void {
  let longest = i;
  for (let j = i + 1; j < squares.length; j++) if (squares[j] > squares[longest]) longest = j;
  if (longest === i) return;
  [vectors[i], vectors[longest]] = [vectors[longest], vectors[i]];
  [heads[i], heads[longest]] = [heads[longest], heads[i]];
  [squares[i], squares[longest]] = [squares[longest], squares[i]];
}

/** Rotates vectors i and j to right angles; false when they are there already. */
function orthogonalisePair({ vectors, heads, squares, tolerance }: Pairs, i: number, j: number): boolean {
  const [squareI, squareJ] = [squares[i], squares[j]];
  if (squareI === 0 || squareJ === 0) return false;
  const product = dotVectors(heads[i], heads[j]);
  if (Math.abs(product) <= tolerance * Math.sqrt(squareI) * Math.sqrt(squareJ)) return false;
  const zeta = (squareJ - squareI) / (2 * product);
  const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + hypotenuse(1, zeta));
  const c = 1 / hypotenuse(1, t);
  rotate(vectors[i], vectors[j], c, c * t);
  squares[i] = updated(squareI, -t * product, heads[i]);
  squares[j] = updated(squareJ, t * product, heads[j]);
  return true;
}

/** square + change; taken afresh from the vector where the difference has lost digits. */
function updated(square: number, change: number, head: Float64Array): number {
  const sum = square + change;
  return sum > square / 8 ? sum : dotVectors(head, head);
}
