import { identity, zeros } from "./create.ts";
import { tryCholesky } from "./cholesky.ts";
import { distanceFromIdentity } from "./distance-from-identity.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import type { Operand, Strided } from "./ops/strided.ts";
import { copied, strided, transposed, widened } from "./ops/strided.ts";

/** How far the Gram matrix of the first pass may be from the identity for the second to finish the work. */
const MOST_DEVIATION = 0.1;

/** Squared column lengths inside this range have neither overflowed nor lost digits. */
const [LEAST_SQUARE, MOST_SQUARE] = [2 ** -900, 2 ** 900];

/** A variance inflation that is no loss worth another pass: columns that meet at 15° or more. */
const HARMLESS_INFLATION = 16;

const UNIT_ROUNDOFF = 2 ** -53;

/**
 * x = (base · turn) · triangle, where base · turn has orthonormal columns: a QR factorisation of which the last
 * product, which is as long as x, is left to do.
 */
export interface TallFrame {
  /** m × k: x itself, or what the first pass made of it. */
  readonly base: Operand;
  /** k × k, upper triangular; the identity where it is left out. */
  readonly turn?: Float64Matrix | undefined;
  /** k × r */
  readonly triangle: Float64Matrix;
  /** Whether `base` is x. */
  readonly ofItself: boolean;
}

/**
 * The frame of x by the Cholesky factor l of its Gram matrix: the base is x and the turn l⁻ᵀ. This squares the
 * condition. With gᵢⱼ the Gram matrix and vᵢ = gᵢᵢ·(g⁻¹)ᵢᵢ, the variance inflation of column i, which is 1 for
 * orthogonal columns of any length, rounding leaves base · turn about √m·2⁻⁵³·Σvᵢ from orthonormal (in the norm of
 * Frobenius, with sums of m terms whose errors are independent), and moves singular values found from the triangle by
 * half of that, relatively. Where that is more than `tolerance`, and more than what 16·r in place of Σvᵢ would give,
 * a second pass follows, which is as accurate as Householder's.
 *
 * @returns `undefined` where columns are dependent, or a length or value is out of range or not finite
 * @see Higham & Mary, "A new approach to probabilistic rounding error analysis" (2019), for √m in place of m
 */
export function tallFrame(engine: Engine, x: Operand, tolerance: number): TallFrame | undefined {
  const l = gramTriangle(engine, x);
  if (l === undefined) return undefined;
  const frame = frameOfTriangle(engine, l, { roundoff: roundoffOfSums(x.rows), tolerance });
  if (frame !== undefined) return { base: x, ...frame, ofItself: true };
  const twice = secondPass(engine, x, l.factor);
  return (
    twice && {
      base: strided(twice.q),
      turn: inverseTransposed(engine, twice.second),
      triangle: product(engine, twice),
      ofItself: false,
    }
  );
}

/** How exact a frame has to be, and its Gram matrix is. */
interface FrameOptions {
  readonly tolerance: number;
  /** Of an entry of the Gram matrix, beside the lengths of its columns. */
  readonly roundoff: number;
}

/** The Cholesky factor l of the Gram matrix of `rows` rows, where it tells a frame to the tolerance. */
export function factorOfGram(
  engine: Engine,
  gram: Float64Matrix,
  { rows, ...options }: FrameOptions & { readonly rows: number },
): Float64Matrix | undefined {
  const l = rows < gram.cols ? undefined : triangleOf(engine, gram);
  return l && exactInverse(engine, l, options) && l.factor;
}

/** How far an entry of a Gram matrix is off at most beside the lengths of its columns: `m` products, f64 sums, independent errors. */
export function roundoffOfSums(m: number): number {
  return Math.sqrt(m) * UNIT_ROUNDOFF;
}

function frameOfTriangle(
  engine: Engine,
  l: GramTriangle,
  options: FrameOptions,
): Pick<TallFrame, "turn" | "triangle"> | undefined {
  const turn = exactInverse(engine, l, options);
  return turn && { turn, triangle: turned(l.factor) };
}

/** l⁻ᵀ where what rounding leaves of it is within the tolerance, or harmless. */
function exactInverse(
  engine: Engine,
  { factor, squares }: GramTriangle,
  { roundoff, tolerance }: FrameOptions,
): Float64Matrix | undefined {
  const turn = inverseTransposed(engine, factor);
  const inflation = inflations(turn, squares);
  const harmless = inflation <= HARMLESS_INFLATION * factor.cols;
  return harmless || roundoff * inflation <= tolerance ? turn : undefined;
}

/** turn · x: what the base is multiplied with for (base · turn) · x. */
export function turnedBy(engine: Engine, { turn }: TallFrame, x: Matrix): Matrix {
  return turn === undefined ? x : multiply(turn, x, { engine });
}

/** (base · turn) · x */
export function onBase(engine: Engine, frame: TallFrame, x: Matrix): Float64Matrix {
  const result = zeros(frame.base.rows, x.cols);
  engine.gemm({ a: frame.base, b: strided(turnedBy(engine, frame, x)), c: strided(result) });
  return result;
}

/** What two passes make of x = q · secondᵀ · firstᵀ. */
interface TwoPasses {
  readonly q: Float64Matrix;
  readonly first: Float64Matrix;
  readonly second: Float64Matrix;
}

/** The QR factorisation of x by two passes, written out; `undefined` as for `tallFrame`. */
export function factorTwice(engine: Engine, x: Strided): { q: Float64Matrix; r: Float64Matrix } | undefined {
  const l = gramTriangle(engine, x);
  const twice = l && secondPass(engine, x, l.factor);
  if (twice === undefined) return undefined;
  engine.solveTriangular(twice.q, twice.second);
  return { q: twice.q, r: product(engine, twice) };
}

/** `undefined` where the directions of the columns are too ill conditioned for the first pass. */
function secondPass(engine: Engine, x: Operand, first: Float64Matrix): TwoPasses | undefined {
  const q = copied(widened(x));
  engine.solveTriangular(q, first);
  const nearIdentity = engine.gram(strided(q));
  if (!(distanceFromIdentity(nearIdentity) < MOST_DEVIATION)) return undefined;
  const second = tryCholesky(engine, nearIdentity);
  return second && { q, first, second };
}

function product(engine: Engine, { first, second }: TwoPasses): Float64Matrix {
  return multiply(second, first, { transA: true, transB: true, engine });
}

/** The Cholesky factor of xᵀ·x and its diagonal. What scales columns scales it without any further rounding. */
interface GramTriangle {
  readonly factor: Float64Matrix;
  readonly squares: Float64Array;
}

function gramTriangle(engine: Engine, x: Operand): GramTriangle | undefined {
  return x.rows < x.cols ? undefined : triangleOf(engine, engine.gram(x));
}

function triangleOf(engine: Engine, gram: Float64Matrix): GramTriangle | undefined {
  const squares = Float64Array.from({ length: gram.cols }, (_, i) => gram.data[i * gram.cols + i]);
  if (!squares.every((square) => square > LEAST_SQUARE && square < MOST_SQUARE)) return undefined;
  const factor = tryCholesky(engine, gram);
  return factor && { factor, squares };
}

/** Σ gᵢᵢ·(g⁻¹)ᵢᵢ, where row i of l⁻ᵀ has the squared length (g⁻¹)ᵢᵢ. */
function inflations({ rows, cols, data }: Float64Matrix, squares: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    const length = Math.sqrt(squares[i]);
    for (let j = i; j < cols; j++) sum += (length * data[i * cols + j]) ** 2;
  }
  return sum;
}

function inverseTransposed(engine: Engine, l: Float64Matrix): Float64Matrix {
  const inverse = identity(l.rows);
  engine.solveTriangular(inverse, l);
  return inverse;
}

function turned(l: Float64Matrix): Float64Matrix {
  return copied(transposed(strided(l)));
}
