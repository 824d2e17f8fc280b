import { encode } from "@lora/tensor";
import type { Engine, Rows } from "../engine.ts";
import type { Float64Matrix } from "../float64-matrix.ts";
import type { Matrix } from "../matrix.ts";
import { strided, transposed } from "../ops/strided.ts";
import { referenceEngine } from "../reference-engine.ts";
import { storedMatrix, STORED_TYPES } from "../stored-matrix.ts";
import type { StoredType } from "../stored-matrix.ts";

/** Sizes that fill some tiles of every kernel and leave edges. */
const [ROWS, TERMS, COLS] = [29, 37, 21];

/**
 * Whether an engine calculates what the reference does, on whole numbers, for which every order of summing gives the
 * same bits, fused or not. It shows kernels that were compiled wrongly, as an experimental pass of a compiler might.
 *
 * @param thorough also with matrices as they are stored, and everything twice: what a compiler optimises because it was called
 * is used from the next call on. Takes three times as long
 */
export function passesSelfTest(
  engine: Engine,
  { thorough = false }: { readonly thorough?: boolean } = {},
): boolean {
  const tests = [
    answers,
    ...(thorough ? STORED_TYPES.map((dtype) => (each: Engine) => answersOfStored(each, dtype)) : []),
  ];
  return tests.every((test) => {
    const expected = test(referenceEngine);
    const agrees = (): boolean =>
      test(engine).every((answer, i) => answer.every((value, j) => value === expected[i][j]));
    return agrees() && (!thorough || agrees());
  });
}

/** Something of everything that has a kernel, but for stored matrices. */
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

/** Products of a matrix that stays as it is stored, with one column and with several, from either side, and a sum. */
function answersOfStored(engine: Engine, dtype: StoredType): Matrix["data"][] {
  const a = storedMatrix(encode(wholeNumbers(ROWS, TERMS).data, dtype), dtype, [ROWS, TERMS]);
  const [right, left] = [TERMS, ROWS].map((rows) => single(wholeNumbers(rows, COLS)));
  const column = wholeNumbers(TERMS, 1);
  const held = engine.withStored(a, (map) => [
    map.multiply(column).data,
    map.multiply(right).data,
    map.multiplyTransposed(left).data,
    map.multiplyNormal(column.data),
    map.multiplyNormal(column.data, "f64"),
    Float64Array.of(map.sumOfSquares(), map.firstNonFinite()),
  ]);
  return [...held, engine.timesStored(a, right)?.data ?? new Float32Array(1), sumOfStored(engine, dtype)];
}

/** The bytes of a sum, and what rounding left, which is nothing. */
function sumOfStored(engine: Engine, dtype: StoredType): Float64Array {
  const bytes = encode(wholeNumbers(ROWS, COLS).data, dtype);
  const [a, b] = [single(wholeNumbers(ROWS, TERMS)), single(wholeNumbers(TERMS, COLS))];
  const { errorSquares } = engine.addStored({ bytes, dtype, a: strided(a), b: strided(b) });
  return Float64Array.of(errorSquares, ...bytes);
}
