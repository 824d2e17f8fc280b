import type { WasmFunction } from "../assembler/define-function.ts";
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
  upperHalf,
  when,
} from "../assembler/instructions.ts";
import { GRAM_RUN } from "../../gram-run.ts";
import { BLOCK_PARAMETERS, LEFT, vectors } from "./gram-block.ts";
import { f32Lanes, multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";
import { sumLanes } from "./sum-lanes.ts";

/** Columns of the right side of a block of columns. */
export const RUN_COLUMNS = 8;

/** Rows of the right side of a block of rows. */
const RIGHT_ROWS = 2;

/** Vectors that a block keeps, for each column or row of its left side. */
const VECTORS = 2;

const ZERO = op("f64x2.splat", f64(0));

/** Repeats `body` for runs of `bytes`, from where `at` is until `end`; `stop` is where each ends. */
function eachRun(
  { at, end, stop, bytes }: { at: Local; end: Local; stop: Local; bytes: Code },
  ...body: readonly Code[]
): Code {
  return loopWhile(
    op("i32.lt_u", get(at), get(end)),
    set(stop, op("i32.add", get(at), bytes)),
    when(op("i32.lt_u", get(end), get(stop)), set(stop, get(end))),
    ...body,
  );
}

/** The lower two lanes of f32 as doubles. */
function doubles(lanes: Code): Code {
  return op("f64x2.promote_low_f32x4", lanes);
}

/** Adds the four lanes of a vector of f32 to four doubles. */
function addWidened(sum: Local, to: Local, offset: number): Code {
  return sequence(
    ...[doubles(get(sum)), doubles(upperHalf(get(sum)))].map((pair, i) => {
      const at = offset + 16 * i;
      return store("v128.store", get(to), op("f64x2.add", load("v128.load", get(to), at), pair), at);
    }),
  );
}

/** `gramOfColumns` for f32, 4 × 8, in runs of rows. */
export function gramRunsOfColumns(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "gram_columns_runs", parameters: BLOCK_PARAMETERS },
    ({ left, right, end, row, out, outRow }, local) => {
      const sums = LEFT.map(() => vectors(local, VECTORS));
      const [value, ...others] = vectors(local, 1 + VECTORS);
      const [stop, line] = [local("i32"), local("i32")];
      return eachRun(
        { at: left, end, stop, bytes: op("i32.mul", get(row), i32(GRAM_RUN)) },
        ...sums.flat().map((sum) => set(sum, ZERO)),
        loopWhile(
          op("i32.lt_u", get(left), get(stop)),
          ...others.map((other, v) => set(other, load("v128.load", get(right), 16 * v))),
          ...sums.flatMap((columnSums, i) => [
            set(value, load("v128.load32_splat", get(left), 4 * i)),
            ...columnSums.map((sum, v) => multiplyAdd({ lanes: f32Lanes, fused }, sum, value, others[v])),
          ]),
          advance(left, get(row)),
          advance(right, get(row)),
        ),
        set(line, get(out)),
        ...sums.flatMap((columnSums) => [
          ...columnSums.map((sum, v) => addWidened(sum, line, 32 * v)),
          advance(line, get(outRow)),
        ]),
      );
    },
  );
}

/** `gramOfRows` for f32, 4 × 2, in runs of four times as many values; rows have a multiple of four. */
export function gramRunsOfRows(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "gram_rows_runs", parameters: BLOCK_PARAMETERS },
    ({ left, right, end, row, out, outRow }, local) => {
      const sums = LEFT.map(() => vectors(local, RIGHT_ROWS));
      const [value, ...others] = vectors(local, 1 + RIGHT_ROWS);
      const at = LEFT.map(() => local("i32"));
      const beside = others.map(() => local("i32"));
      const [stop, line] = [local("i32"), local("i32")];
      return sequence(
        placeRows(at, left, row),
        placeRows(beside, right, row),
        eachRun(
          { at: at[0], end, stop, bytes: i32(16 * GRAM_RUN) },
          ...sums.flat().map((sum) => set(sum, ZERO)),
          loopWhile(
            op("i32.lt_u", get(at[0]), get(stop)),
            ...others.map((other, j) => set(other, load("v128.load", get(beside[j])))),
            ...sums.flatMap((rowSums, i) => [
              set(value, load("v128.load", get(at[i]))),
              ...rowSums.map((sum, j) => multiplyAdd({ lanes: f32Lanes, fused }, sum, value, others[j])),
            ]),
            ...[...at, ...beside].map((each) => advance(each, i32(16))),
          ),
          set(line, get(out)),
          ...sums.flatMap((rowSums) => [
            ...rowSums.map((sum, j) => addTotal({ sum, pair: value }, line, 8 * j)),
            advance(line, get(outRow)),
          ]),
        ),
      );
    },
  );
}

/** Adds the sum of the four lanes of a vector of f32 to a double. */
function addTotal({ sum, pair }: { sum: Local; pair: Local }, to: Local, offset: number): Code {
  const before = load("f64.load", get(to), offset);
  return sequence(
    set(pair, op("f64x2.add", doubles(get(sum)), doubles(upperHalf(get(sum))))),
    store("f64.store", get(to), op("f64.add", before, sumLanes([pair])), offset),
  );
}
