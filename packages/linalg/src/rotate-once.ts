import { zeros } from "./create.ts";
import type { Engine, Turn } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import { jacobiTurn } from "./jacobi-turn.ts";
import { dotVectors } from "./ops/dot-vectors.ts";
import { block, strided, transposed } from "./ops/strided.ts";
import { rowsOf } from "./rows-of.ts";

/** Vectors that are multiplied with those before them at once. */
const BLOCK = 48;

/**
 * Beside σ₁² of the matrix that was turned: where the product of two lengths is above it, what rounding leaves of their inner
 * product is below the tolerance, and is not looked at. Of Gaussian matrices of 64² to 1024² it was half of it at most.
 */
const VISIBLE = 1 / 16;

/** A rotation of two vectors, by their indices. */
interface PairTurn extends Turn {
  readonly i: number;
  readonly j: number;
}

/** What decides whether a pair is rotated. */
interface Limits {
  /** σ₁ of the matrix that was turned: the inner products are what rounding leaves beside its square. */
  readonly size: number;
  /** The cosine below which two vectors count as orthogonal. */
  readonly tolerance: number;
}

/**
 * Rotates the pairs of vectors that are not orthogonal yet, where all are nearly so: each pair is turned once, as the
 * inner products from before say. A turn by s of vectors i and j changes the cosine of i and another by no more than
 * |s|·|xⱼ| / |xᵢ| times the largest cosine that there is; the sum of these is what may be left between any two.
 *
 * @param lists vectors, the longest first but for rounding, and others that are rotated along
 * @returns whether all of them are; `false` asks for sweeps, and nothing was rotated
 */
export function rotateOnce(
  engine: Engine,
  [vectors, ...others]: readonly [Float64Matrix, ...Float64Matrix[]],
  limits: Limits,
): boolean {
  const turns = turnsOf(engine, vectors, limits);
  if (turns === undefined) return false;
  const place = new Map([...new Set(turns.flatMap(({ i, j }) => [i, j]))].map((index, at) => [index, at]));
  for (const list of [vectors, ...others].map((each) => rowsOf(each))) {
    engine.withRows(
      Array.from(place.keys(), (index) => list[index]),
      (rows) => {
        for (const { i, j, c, s } of turns) rows.rotate(place.get(i)!, place.get(j)!, { c, s });
      },
    );
  }
  return true;
}

/** What is to be rotated; `undefined` where that may leave something. */
function turnsOf(
  engine: Engine,
  x: Float64Matrix,
  { size: whole, tolerance }: Limits,
): PairTurn[] | undefined {
  const squares = Float64Array.from(rowsOf(x), (row) => dotVectors(row, row));
  const lengths = squares.map(Math.sqrt);
  const drift = new Float64Array(x.rows);
  const turns: PairTurn[] = [];
  let largest = 0;
  for (let first = 0; first < x.rows; first += BLOCK) {
    const last = Math.min(first + BLOCK, x.rows);
    const near = firstVisible(lengths, whole, [first, last]);
    const products = productsOf(engine, x, [near, first, last]);
    for (let i = near; i < last; i++) {
      for (let j = Math.max(i + 1, first); j < last; j++) {
        const product = products.data[(i - near) * products.cols + j - first];
        const size = lengths[i] * lengths[j];
        if (Math.abs(product) <= tolerance * size) continue;
        const { c, s, t } = jacobiTurn(squares[i], squares[j], product);
        turns.push({ i, j, c, s });
        squares[i] -= t * product;
        squares[j] += t * product;
        drift[i] += Math.abs(s) * (lengths[j] / lengths[i]);
        drift[j] += Math.abs(s) * (lengths[i] / lengths[j]);
        largest = Math.max(largest, Math.abs(product) / size);
      }
    }
    if (drift.some((each) => each * largest > tolerance)) return undefined;
  }
  return turns;
}

/** The first vector whose product with one of those from `first` to `last` is looked at. */
function firstVisible(lengths: Float64Array, size: number, [first, last]: readonly [number, number]): number {
  const shortest = lengths.subarray(first, last).reduce((least, length) => Math.min(least, length));
  const most = VISIBLE * size ** 2;
  let near = 0;
  while (near < last && lengths[near] * shortest >= most) near++;
  return near;
}

/** Products of rows from `near` on with rows `first` to `last`. */
function productsOf(
  engine: Engine,
  x: Float64Matrix,
  [near, first, last]: readonly [near: number, first: number, last: number],
): Float64Matrix {
  const [left, right] = [near, first].map((from) => block(strided(x), [from, last], [0, x.cols]));
  const products = zeros(last - near, last - first);
  engine.gemm({ a: left, b: transposed(right), c: strided(products) });
  return products;
}
