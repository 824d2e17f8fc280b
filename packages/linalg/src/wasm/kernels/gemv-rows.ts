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
} from "../assembler/instructions.ts";
import type { Lanes } from "./lanes.ts";
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { placeRows } from "./place-rows.ts";
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

/** Rows that lie one after another: where the next begins, where all end, bytes of one. */
interface RowsInMemory {
  readonly a: Local;
  readonly aEnd: Local;
  readonly row: Local;
}

/** What a turn of several rows keeps in locals. */
interface Turn {
  /** Where each of its rows is read. */
  readonly at: readonly Local[];
  /** Where the first of them ends. */
  readonly end: Local;
  /** Two values of the row that is looked at. */
  readonly left: Local;
  /** Where the vector that goes along the rows is read. */
  readonly position: Local;
}

/** What a turn does besides walking along its rows. */
interface TurnBody {
  /** The vector of doubles that goes along the rows. */
  readonly vector: Local;
  readonly before: readonly Code[];
  /** For two columns: before the rows, for each row once its values are in `left`, after the rows. */
  readonly columns: readonly [before: Code, row: (index: number) => Code, after: Code];
  readonly after: readonly Code[];
}

/** Walks along as many rows at a time as the turn has, while there are so many. */
function inTurns(
  { a, aEnd, row }: RowsInMemory,
  { at, end, left, position }: Turn,
  from: Lanes,
  body: TurnBody,
): Code {
  const [beforeRows, eachRow, afterRows] = body.columns;
  const rows = at.map((each, i) =>
    sequence(set(left, twoDoubles(from, get(each))), eachRow(i), advance(each, i32(2 * from.bytes))),
  );
  return loopWhile(
    op("i32.le_u", op("i32.add", get(a), op("i32.mul", get(row), i32(at.length))), get(aEnd)),
    placeRows(at, a, row),
    ...body.before,
    set(end, op("i32.add", get(a), get(row))),
    set(position, get(body.vector)),
    loopWhile(
      op("i32.lt_u", get(at[0]), get(end)),
      beforeRows,
      ...rows,
      afterRows,
      advance(position, i32(16)),
    ),
    ...body.after,
    advance(a, op("i32.mul", get(row), i32(at.length))),
  );
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
      const turn = (count: number): Code =>
        inTurns({ a, aEnd, row }, { at: at.slice(0, count), end, left, position }, from, {
          vector: x,
          before: sums.slice(0, count).map((sum) => set(sum, op("f64x2.splat", f64(0)))),
          columns: [
            set(right, load("v128.load", get(position))),
            (i) => multiplyAdd({ lanes: f64Lanes, fused }, sums[i], left, right),
            [],
          ],
          after: [
            ...sums.slice(0, count).map((sum, i) => store("f64.store", get(y), sumLanes([sum]), 8 * i)),
            advance(y, i32(8 * count)),
          ],
        });
      return sequence(turn(ROWS), turn(1));
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
      const turn = (count: number): Code =>
        inTurns({ a, aEnd, row }, { at: at.slice(0, count), end, left, position }, from, {
          vector: y,
          before: weights
            .slice(0, count)
            .map((each, i) => set(each, load("v128.load64_splat", get(x), 8 * i))),
          columns: [
            set(sum, load("v128.load", get(position))),
            (i) => multiplyAdd({ lanes: f64Lanes, fused }, sum, left, weights[i]),
            store("v128.store", get(position), get(sum)),
          ],
          after: [advance(x, i32(8 * count))],
        });
      return sequence(turn(ROWS), turn(1));
    },
  );
}
