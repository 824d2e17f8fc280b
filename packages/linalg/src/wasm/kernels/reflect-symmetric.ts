import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  call,
  doubleOf,
  f64,
  get,
  i32,
  load,
  loopWhile,
  op,
  sequence,
  set,
  store,
  when,
} from "../assembler/instructions.ts";
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { sumLanes } from "./sum-lanes.ts";

/** The functions that `reflectSymmetric` calls, by their indices. */
export interface SymmetricCalls {
  readonly dot: number;
  readonly axpy: number;
}

/** Vectors a turn of the loop along a pair of rows. */
const UNROLLED = 2;

/** What is known of a row during a pass: where it is read, and what its entries are multiplied with, in both lanes. */
interface Row {
  readonly at: Local;
  /** −x and −y of the row, which y and x are multiplied with. */
  readonly x: Local;
  readonly y: Local;
  /** tau·v of the row. */
  readonly v: Local;
  /** Σ aᵢⱼ·vⱼ */
  readonly sums: readonly Local[];
}

/** The vectors that go along the rows: where each is read. */
interface Along {
  readonly x: Local;
  readonly y: Local;
  readonly v: Local;
  readonly w: Local;
}

/**
 * One pass over a symmetric block of which the upper triangle is read and written: a −= x·yᵀ + y·xᵀ, and on the way
 * w = tau·a·v, less tau/2·(v·w) times v. Then the first row is made what a − v·wᵀ − w·vᵀ has there. `a` is where the block
 * begins, `row` the bytes from a row to the next; w is zero before.
 */
export function reflectSymmetric(calls: SymmetricCalls, fused: boolean): WasmFunction {
  const parameters = { a: "i32", row: "i32", x: "i32", y: "i32", v: "i32", vEnd: "i32", w: "i32" } as const;
  return defineFunction(
    { name: "reflect_symmetric", parameters: { ...parameters, tau: "f64" } },
    ({ a, row, x, y, v, vEnd, w, tau }, local) => {
      const [firstRow, firstV, firstW] = [local("i32"), local("i32"), local("i32")];
      const [bytes, half] = [op("i32.sub", get(vEnd), get(firstV)), op("f64.mul", f64(-0.5), get(tau))];
      const along = call(calls.dot, get(firstV), get(vEnd), get(firstW));
      const negative = (of: Local): Code => op("f64.sub", f64(0), load("f64.load", get(of)));
      return sequence(
        set(firstRow, get(a)),
        set(firstV, get(v)),
        set(firstW, get(w)),
        rowsInPairs({ x, y, v, w, a, row, vEnd, tau }, local, fused),
        call(calls.axpy, op("f64.mul", half, along), get(firstV), get(vEnd), get(firstW)),
        call(calls.axpy, negative(firstW), get(firstV), get(vEnd), get(firstRow)),
        call(calls.axpy, negative(firstV), get(firstW), op("i32.add", get(firstW), bytes), get(firstRow)),
      );
    },
  );
}

interface Pass extends Along {
  readonly a: Local;
  readonly row: Local;
  readonly vEnd: Local;
  readonly tau: Local;
}

/** Two rows at a time, so that what is read of the vectors serves both, then the last where their number is odd. */
function rowsInPairs({ a, row, vEnd, tau, ...begins }: Pass, local: NewLocal, fused: boolean): Code {
  const rows = [0, 1].map((): Row => ({
    at: local("i32"),
    x: local("v128"),
    y: local("v128"),
    v: local("v128"),
    sums: Array.from({ length: UNROLLED }, () => local("v128")),
  }));
  const along: Along = { x: local("i32"), y: local("i32"), v: local("i32"), w: local("i32") };
  const columns = alongRows(rows, along, { vEnd, local, fused });
  const value = (of: Local, offset = 0): Code => load("f64.load", get(of), offset);
  const minus = (of: Local, offset: number): Code =>
    op("f64x2.splat", op("f64.sub", f64(0), value(of, offset)));
  const begin = (each: Row, i: number): Code =>
    sequence(
      set(each.x, minus(begins.x, 8 * i)),
      set(each.y, minus(begins.y, 8 * i)),
      set(each.v, op("f64x2.splat", op("f64.mul", get(tau), value(begins.v, 8 * i)))),
      ...each.sums.map((sum) => set(sum, op("f64x2.splat", f64(0)))),
    );
  const updated = (i: number, j: number): Code => {
    const term = (one: Local, other: Local): Code => op("f64.mul", value(one, 8 * i), value(other, 8 * j));
    const both = op("f64.add", term(begins.x, begins.y), term(begins.y, begins.x));
    return op("f64.sub", value(rows[i].at, 8 * j), both);
  };
  const corner = [local("f64"), local("f64"), local("f64")];
  const addTo = (i: number, entries: readonly Local[]): Code => {
    const terms = entries.map((entry, j) => op("f64.mul", get(entry), value(begins.v, 8 * j)));
    const sum = terms.reduce((one, other) => op("f64.add", one, other));
    return store(
      "f64.store",
      get(begins.w),
      op("f64.add", value(begins.w, 8 * i), op("f64.mul", get(tau), sum)),
      8 * i,
    );
  };
  const addSums = (i: number): Code =>
    store(
      "f64.store",
      get(begins.w),
      op("f64.add", value(begins.w, 8 * i), op("f64.mul", get(tau), sumLanes(rows[i].sums))),
      8 * i,
    );
  const onward = Object.values(begins).map((each) => advance(each, i32(16)));
  const pair = sequence(
    set(rows[0].at, get(a)),
    set(rows[1].at, op("i32.add", get(a), get(row))),
    set(corner[0], updated(0, 0)),
    set(corner[1], updated(0, 1)),
    set(corner[2], updated(1, 1)),
    store("f64.store", get(rows[0].at), get(corner[0])),
    store("f64.store", get(rows[0].at), get(corner[1]), 8),
    store("f64.store", get(rows[1].at), get(corner[2]), 8),
    addTo(0, [corner[0], corner[1]]),
    addTo(1, [corner[1], corner[2]]),
    ...rows.map(begin),
    ...rows.map(({ at }) => advance(at, i32(16))),
    ...Object.entries(along).map(([name, each]) =>
      set(each, op("i32.add", get(begins[name as keyof Along]), i32(16))),
    ),
    columns,
    addSums(0),
    addSums(1),
    ...onward,
    advance(a, op("i32.add", op("i32.shl", get(row), i32(1)), i32(16))),
  );
  const last = sequence(
    set(rows[0].at, get(a)),
    set(corner[0], updated(0, 0)),
    store("f64.store", get(a), get(corner[0])),
    addTo(0, [corner[0]]),
  );
  return sequence(
    loopWhile(op("i32.le_u", op("i32.add", get(begins.v), i32(16)), get(vEnd)), pair),
    when(op("i32.lt_u", get(begins.v), get(vEnd)), last),
  );
}

interface Columns {
  readonly vEnd: Local;
  readonly local: NewLocal;
  readonly fused: boolean;
}

/** The columns of both rows behind their diagonal, two at a time; the last for itself where their number is odd. */
function alongRows(rows: readonly Row[], along: Along, { vEnd, local, fused }: Columns): Code {
  const [x, y, v, w, entry] = Array.from({ length: 5 }, () => local("v128"));
  const add = (sum: Local, one: Local, other: Local): Code =>
    multiplyAdd({ lanes: f64Lanes, fused }, sum, one, other);
  const step = (name: "v128.load" | "v128.load64_zero", offset: number, turn: number): Code => {
    const write = (to: Local, value: Local): Code =>
      name === "v128.load"
        ? store("v128.store", get(to), get(value), offset)
        : store("f64.store", get(to), doubleOf(get(value), 0), offset);
    return sequence(
      set(x, load(name, get(along.x), offset)),
      set(y, load(name, get(along.y), offset)),
      set(v, load(name, get(along.v), offset)),
      set(w, load(name, get(along.w), offset)),
      ...rows.map((row) =>
        sequence(
          set(entry, load(name, get(row.at), offset)),
          add(entry, row.x, y),
          add(entry, row.y, x),
          write(row.at, entry),
          add(row.sums[turn], entry, v),
          add(w, entry, row.v),
        ),
      ),
      write(along.w, w),
    );
  };
  const onward = (bytes: number): Code[] =>
    [...Object.values(along), ...rows.map(({ at }) => at)].map((each) => advance(each, i32(bytes)));
  const loop = (count: number): Code =>
    loopWhile(
      op("i32.le_u", op("i32.add", get(along.v), i32(16 * count)), get(vEnd)),
      ...Array.from({ length: count }, (_, turn) => step("v128.load", 16 * turn, turn)),
      ...onward(16 * count),
    );
  return sequence(
    loop(UNROLLED),
    loop(1),
    when(op("i32.lt_u", get(along.v), get(vEnd)), step("v128.load64_zero", 0, 0)),
  );
}
