import type { Engine, Turn } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { jacobiTurn } from "./jacobi-turn.ts";

/** Rotations for each vector, above which whole sweeps are as good. */
const MOST_ROTATIONS = 16;

/** A rotation of two vectors, by their indices. */
interface PairTurn extends Turn {
  readonly i: number;
  readonly j: number;
}

/**
 * Rotates the pairs of vectors that are not orthogonal yet, where these are few and nearly so: each is turned once, as the
 * inner products from before say. A turn by s of vectors i and j changes the cosine of i and another by no more than
 * |s|·|xⱼ| / |xᵢ| times the largest cosine that there is; the sum of these is what may be left between any two.
 *
 * @param lists vectors, and others that are rotated along
 * @param products of all pairs of the vectors
 * @param tolerance the cosine below which two vectors count as orthogonal
 * @returns whether all of them are, for sure; `false` asks for sweeps, and nothing was rotated
 */
export function rotateFew(
  engine: Engine,
  lists: readonly (readonly Float64Array[])[],
  products: Float64Matrix,
  tolerance: number,
): boolean {
  const turns = fewTurns(products, tolerance);
  if (turns === undefined) return false;
  const place = new Map([...new Set(turns.flatMap(({ i, j }) => [i, j]))].map((index, at) => [index, at]));
  for (const vectors of lists) {
    engine.withRows(
      Array.from(place.keys(), (index) => vectors[index]),
      (rows) => {
        for (const { i, j, c, s } of turns) rows.rotate(place.get(i)!, place.get(j)!, { c, s });
      },
    );
  }
  return true;
}

/** What is to be rotated; `undefined` where that is not few, or may leave something. */
function fewTurns({ rows: count, data }: Float64Matrix, tolerance: number): PairTurn[] | undefined {
  const squares = Float64Array.from({ length: count }, (_, i) => data[i * count + i]);
  const lengths = squares.map(Math.sqrt);
  const drift = new Float64Array(count);
  const turns: PairTurn[] = [];
  let largest = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const product = data[i * count + j];
      const size = lengths[i] * lengths[j];
      if (Math.abs(product) <= tolerance * size) continue;
      if (turns.length === MOST_ROTATIONS * count) return undefined;
      const { c, s, t } = jacobiTurn(squares[i], squares[j], product);
      turns.push({ i, j, c, s });
      squares[i] -= t * product;
      squares[j] += t * product;
      drift[i] += Math.abs(s) * (lengths[j] / lengths[i]);
      drift[j] += Math.abs(s) * (lengths[i] / lengths[j]);
      largest = Math.max(largest, Math.abs(product) / size);
    }
  }
  return drift.every((each) => each * largest <= tolerance) ? turns : undefined;
}
