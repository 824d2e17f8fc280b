import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code } from "../assembler/instructions.ts";
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
import { sumLanes } from "./sum-lanes.ts";

/** Rows a turn: what is read of the vector then serves four. */
const ROWS = 4;

/** What the matrix holds; the vectors are doubles. */
export interface RowsShape {
  readonly from: Lanes;
  readonly fused: boolean;
}

/** Two values of a row as doubles. */
function twoDoubles(from: Lanes, address: Code): Code {
  if (from.id === "f64") return load("v128.load", address);
  return op("f64x2.promote_low_f32x4", load("v128.load64_zero", address));
}

/**
 * y = a · x for rows that lie one after another, `row` bytes each and of even length; x and y are doubles. The last
 * turn takes single rows.
 */
export function dotRows({ from, fused }: RowsShape): WasmFunction {
  return defineFunction(
    {
      name: `dot_rows_${from.id}`,
      parameters: { a: "i32", aEnd: "i32", row: "i32", x: "i32", y: "i32" },
    },
    ({ a, aEnd, row, x, y }, local) => {
      const at = Array.from({ length: ROWS }, () => local("i32"));
      const sums = Array.from({ length: ROWS }, () => local("v128"));
      const [end, position, left, right] = [local("i32"), local("i32"), local("v128"), local("v128")];
      const loop = (count: number): Code =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(a), op("i32.mul", get(row), i32(count))), get(aEnd)),
          ...at
            .slice(0, count)
            .map((each, i) => set(each, i === 0 ? get(a) : op("i32.add", get(at[i - 1]), get(row)))),
          ...sums.slice(0, count).map((sum) => set(sum, op("f64x2.splat", f64(0)))),
          set(end, op("i32.add", get(a), get(row))),
          set(position, get(x)),
          loopWhile(
            op("i32.lt_u", get(at[0]), get(end)),
            set(right, load("v128.load", get(position))),
            ...at
              .slice(0, count)
              .map((each, i) =>
                sequence(
                  set(left, twoDoubles(from, get(each))),
                  multiplyAdd({ lanes: f64Lanes, fused }, sums[i], left, right),
                  advance(each, i32(2 * from.bytes)),
                ),
              ),
            advance(position, i32(16)),
          ),
          ...sums.slice(0, count).map((sum, i) => store("f64.store", get(y), sumLanes([sum]), 8 * i)),
          advance(y, i32(8 * count)),
          advance(a, op("i32.mul", get(row), i32(count))),
        );
      return sequence(loop(ROWS), loop(1));
    },
  );
}

/** y += aᵀ · x for rows that lie one after another, `row` bytes each and of even length; x and y are doubles. */
export function addRows({ from, fused }: RowsShape): WasmFunction {
  return defineFunction(
    {
      name: `add_rows_${from.id}`,
      parameters: { a: "i32", aEnd: "i32", row: "i32", x: "i32", y: "i32" },
    },
    ({ a, aEnd, row, x, y }, local) => {
      const at = Array.from({ length: ROWS }, () => local("i32"));
      const weights = Array.from({ length: ROWS }, () => local("v128"));
      const [end, position, left, sum] = [local("i32"), local("i32"), local("v128"), local("v128")];
      const loop = (count: number): Code =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(a), op("i32.mul", get(row), i32(count))), get(aEnd)),
          ...at
            .slice(0, count)
            .map((each, i) => set(each, i === 0 ? get(a) : op("i32.add", get(at[i - 1]), get(row)))),
          ...weights.slice(0, count).map((each, i) => set(each, load("v128.load64_splat", get(x), 8 * i))),
          set(end, op("i32.add", get(a), get(row))),
          set(position, get(y)),
          loopWhile(
            op("i32.lt_u", get(at[0]), get(end)),
            set(sum, load("v128.load", get(position))),
            ...at
              .slice(0, count)
              .map((each, i) =>
                sequence(
                  set(left, twoDoubles(from, get(each))),
                  multiplyAdd({ lanes: f64Lanes, fused }, sum, left, weights[i]),
                  advance(each, i32(2 * from.bytes)),
                ),
              ),
            store("v128.store", get(position), get(sum)),
            advance(position, i32(16)),
          ),
          advance(x, i32(8 * count)),
          advance(a, op("i32.mul", get(row), i32(count))),
        );
      return sequence(loop(ROWS), loop(1));
    },
  );
}
