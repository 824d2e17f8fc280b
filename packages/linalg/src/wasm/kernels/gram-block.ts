import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  f64,
  get,
  i32,
  load,
  loopWhile,
  op,
  sequence,
  set,
  store,
} from "../assembler/instructions.ts";
import type { Lanes } from "./lanes.ts";
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";
import { sumLanes } from "./sum-lanes.ts";

/** Columns (or rows) of the left and of the right side of a block. */
export const GRAM_BLOCK = 4;

/** Of blocks of rows, which keep a vector for each entry. */
const RIGHT_ROWS = 2;

/** Which of the left side. */
export const LEFT: readonly number[] = Array.from({ length: GRAM_BLOCK }, (_, i) => i);

/** What all kernels of blocks take: addresses of a block, and steps between rows. */
export const BLOCK_PARAMETERS = {
  left: "i32",
  right: "i32",
  end: "i32",
  row: "i32",
  out: "i32",
  outRow: "i32",
} as const;

/** What the matrix holds; sums are doubles. */
export interface GramShape {
  readonly from: Lanes;
  readonly fused: boolean;
}

/** Two values side by side as doubles. */
function pair(from: Lanes, address: Code, offset: number): Code {
  if (from.id === "f64") return load("v128.load", address, offset);
  return op("f64x2.promote_low_f32x4", load("v128.load64_zero", address, offset));
}

/** A value in both lanes. */
function splat(from: Lanes, address: Code, offset: number): Code {
  const values = load(from.loadSplat, address, offset);
  return from.id === "f64" ? values : op("f64x2.promote_low_f32x4", values);
}

/** Locals of 128 bits. */
export function vectors(local: NewLocal, count: number): Local[] {
  return Array.from({ length: count }, () => local("v128"));
}

/**
 * A block of xᵀ·x, 4 × 4: `left` and `right` are where four columns of the first row are, `end` is where the row after
 * the last would have those of `left`. Added to `out`, whose rows are `outRow` bytes apart.
 */
export function gramOfColumns({ from, fused }: GramShape): WasmFunction {
  return defineFunction(
    { name: `gram_columns_${from.id}`, parameters: BLOCK_PARAMETERS },
    ({ left, right, end, row, out, outRow }, local) => {
      const sums = LEFT.map(() => vectors(local, 2));
      const [value, low, high] = vectors(local, 3);
      const arithmetic = { lanes: f64Lanes, fused };
      return sequence(
        ...sums.flat().map((sum) => set(sum, op("f64x2.splat", f64(0)))),
        loopWhile(
          op("i32.lt_u", get(left), get(end)),
          set(low, pair(from, get(right), 0)),
          set(high, pair(from, get(right), 2 * from.bytes)),
          ...sums.flatMap(([first, second], i) => [
            set(value, splat(from, get(left), i * from.bytes)),
            multiplyAdd(arithmetic, first, value, low),
            multiplyAdd(arithmetic, second, value, high),
          ]),
          advance(left, get(row)),
          advance(right, get(row)),
        ),
        ...sums.flatMap(([first, second]) => [
          store("v128.store", get(out), op("f64x2.add", get(first), load("v128.load", get(out)))),
          store("v128.store", get(out), op("f64x2.add", get(second), load("v128.load", get(out), 16)), 16),
          advance(out, get(outRow)),
        ]),
      );
    },
  );
}

/**
 * A block of x·xᵀ, 4 × 2, for rows of an even number of values: `left` and `right` are where the first row of either
 * side begins, `end` is where that of `left` ends. Added as that of columns.
 */
export function gramOfRows({ from, fused }: GramShape): WasmFunction {
  return defineFunction(
    { name: `gram_rows_${from.id}`, parameters: BLOCK_PARAMETERS },
    ({ left, right, end, row, out, outRow }, local) => {
      const sums = LEFT.map(() => vectors(local, RIGHT_ROWS));
      const [value, ...others] = vectors(local, 1 + RIGHT_ROWS);
      const at = LEFT.map(() => local("i32"));
      const beside = others.map(() => local("i32"));
      const arithmetic = { lanes: f64Lanes, fused };
      const walk = [...at, ...beside];
      return sequence(
        ...sums.flat().map((sum) => set(sum, op("f64x2.splat", f64(0)))),
        placeRows(at, left, row),
        placeRows(beside, right, row),
        loopWhile(
          op("i32.lt_u", get(at[0]), get(end)),
          ...others.map((other, i) => set(other, pair(from, get(beside[i]), 0))),
          ...sums.flatMap((rowSums, i) => [
            set(value, pair(from, get(at[i]), 0)),
            ...rowSums.map((sum, j) => multiplyAdd(arithmetic, sum, value, others[j])),
          ]),
          ...walk.map((each) => advance(each, i32(2 * from.bytes))),
        ),
        ...sums.flatMap((rowSums) => [
          ...rowSums.map((sum, j) => {
            const before = load("f64.load", get(out), 8 * j);
            return store("f64.store", get(out), op("f64.add", sumLanes([sum]), before), 8 * j);
          }),
          advance(out, get(outRow)),
        ]),
      );
    },
  );
}
