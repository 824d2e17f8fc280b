import type { Engine, Rows } from "../engine.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Matrix } from "../matrix.ts";
import { strided, transposed } from "../ops/strided.ts";
import { referenceEngine } from "../reference-engine.ts";

/** Sizes that fill some tiles of every kernel and leave edges. */
const [ROWS, TERMS, COLS] = [29, 37, 21];

/**
 * Whether an engine calculates what the reference does, on whole numbers, for which every order of summing gives the
 * same bits, fused or not. It shows kernels that were compiled wrongly, as an experimental pass of a compiler might.
 */
export function passesSelfTest(engine: Engine): boolean {
  const expected = answers(referenceEngine);
  return answers(engine).every((answer, i) => answer.every((value, j) => value === expected[i][j]));
}

/** Something of everything that has a kernel. */
function answers(engine: Engine): readonly Matrix["data"][] {
  const [a, b, column] = [wholeNumbers(ROWS, TERMS), wholeNumbers(TERMS, COLS), wholeNumbers(TERMS, 1)];
  return [
    ...[a, single(a)].map((x) => product(engine, x, x === a ? b : single(b))),
    product(engine, a, column),
    engine.gram(strided(a)).data,
    engine.gram(transposed(strided(single(a)))).data,
    ...[strided(single(a)), transposed(strided(single(wholeNumbers(COLS, 4 * ROWS))))].map(
      (x) => engine.gram(x, { inRuns: true }).data,
    ),
    ...solved(engine),
    ...(["bf16", "f16"] as const).map((from) => widened(engine, from)),
    ...turned(engine),
    reflected(engine),
  ];
}

/** −2 … 2 without a pattern that a mistake could follow. */
function wholeNumbers(rows: number, cols: number): Float64Matrix {
  const data = Float64Array.from({ length: rows * cols }, (_, i) => (((i * i + 3 * i) % 11) % 5) - 2);
  return { rows, cols, data };
}

function single(a: Matrix): Matrix {
  return { ...a, data: Float32Array.from(a.data) };
}

function product(engine: Engine, a: Matrix, b: Matrix): Matrix["data"] {
  const data =
    a.data instanceof Float64Array ? new Float64Array(a.rows * b.cols) : new Float32Array(a.rows * b.cols);
  data.fill(1);
  const c: Matrix = { rows: a.rows, cols: b.cols, data };
  for (const add of [false, true])
    engine.gemm({ a: strided(a), b: strided(b), c: strided(c), alpha: 2, add });
  return data;
}

/** With a triangle whose inverse is whole: ones on the diagonal and before it; and that triangle from its square. */
function solved(engine: Engine): Float64Array[] {
  const x = wholeNumbers(ROWS, COLS);
  const beside = (distance: number): number => [2, 1][Math.abs(distance)] ?? 0;
  const square = Float64Array.from({ length: COLS * COLS }, (_, i) =>
    beside((i % COLS) - Math.floor(i / COLS)),
  );
  square[0] = 1;
  const l = { rows: COLS, cols: COLS, data: square };
  engine.cholesky(l);
  engine.solveTriangular(x, l);
  return [square, x.data];
}

/** Finite patterns of sixteen bits, positive and negative, subnormal ones too. */
function widened(engine: Engine, from: "bf16" | "f16"): Float32Array {
  const patterns = Uint16Array.from({ length: 600 }, (_, i) => (i % 2) * 0x8000 + i * 50);
  const out = new Float32Array(patterns.length);
  engine.widen({ bytes: new Uint8Array(patterns.buffer), from, out });
  return out;
}

function turned(engine: Engine): Float64Array[] {
  const rows = Array.from({ length: 9 }, (_, i) => wholeNumbers(1, COLS + i).data.slice(i));
  const square = Array.from({ length: 9 }, (_, i) => wholeNumbers(1, 7 + i).data.slice(i));
  const steps = (held: Rows): Float64Array => {
    held.rotate(0, 1, { c: 2, s: 3 });
    held.axpy(3, 2, 3, 1);
    const first = held.reflect(4, 5, { tau: 2, from: 1 });
    held.swap(6, 7);
    return Float64Array.of(first, held.dot(0, 8, COLS), held.dot(1, 2, COLS - 2, 3));
  };
  const numbers = engine.withRows(rows, steps);
  engine.withRows(square, (held) => held.reflectSymmetric({ from: 1, end: 5, x: 5, y: 6, v: 7, w: 8 }, 2));
  return [...rows, ...square, numbers];
}

/** By two blocks that begin at different components. */
function reflected(engine: Engine): Float64Array {
  const x = wholeNumbers(ROWS, COLS);
  const blocks = [1, 4].map((from) => ({ from, v: wholeNumbers(5, COLS - from), t: wholeNumbers(5, 5) }));
  engine.reflect(blocks, x);
  return x.data;
}
