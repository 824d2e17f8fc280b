import type { NewLocal, WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  call,
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
import { sumLanes } from "./sum-lanes.ts";
import type { AlongRows, SymmetricRow } from "./symmetric-columns.ts";
import { symmetricColumns, UNROLLED } from "./symmetric-columns.ts";

/** The functions that `reflectSymmetric` calls, by their indices. */
export interface SymmetricCalls {
  readonly dot: number;
  readonly axpy: number;
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

interface Pass extends AlongRows {
  readonly a: Local;
  readonly row: Local;
  readonly vEnd: Local;
  readonly tau: Local;
}

/** Two rows at a time, so that what is read of the vectors serves both, then the last where their number is odd. */
function rowsInPairs(pass: Pass, local: NewLocal, fused: boolean): Code {
  const { a, row, vEnd, x, y, v, w } = pass;
  const begins = { x, y, v, w };
  const rows = [newRow(local), newRow(local)];
  const along: AlongRows = { x: local("i32"), y: local("i32"), v: local("i32"), w: local("i32") };
  const corner = [local("f64"), local("f64"), local("f64")] as const;
  const pair = sequence(
    set(rows[0].at, get(a)),
    set(rows[1].at, op("i32.add", get(a), get(row))),
    updateCorner(pass, rows, corner),
    ...rows.map((each, i) => beginRow(pass, each, i)),
    ...(["x", "y", "v", "w"] as const).map((name) =>
      set(along[name], op("i32.add", get(begins[name]), i32(16))),
    ),
    symmetricColumns(rows, along, { vEnd, local, fused }),
    ...rows.map(({ sums }, i) => addToW(pass, i, sumLanes(sums))),
    ...Object.values(begins).map((each) => advance(each, i32(16))),
    advance(a, op("i32.add", op("i32.shl", get(row), i32(1)), i32(16))),
  );
  const last = sequence(
    set(corner[0], updated(pass, a, [0, 0])),
    store("f64.store", get(a), get(corner[0])),
    addToW(pass, 0, op("f64.mul", get(corner[0]), value(v))),
  );
  return sequence(
    loopWhile(op("i32.le_u", op("i32.add", get(v), i32(16)), get(vEnd)), pair),
    when(op("i32.lt_u", get(v), get(vEnd)), last),
  );
}

function newRow(local: NewLocal): SymmetricRow {
  const sums = Array.from({ length: UNROLLED }, () => local("v128"));
  return { at: local("i32"), x: local("v128"), y: local("v128"), v: local("v128"), sums };
}

/** Sets what row i of a pair is multiplied with, and goes to the columns behind the pair. */
function beginRow({ x, y, v, tau }: Pass, row: SymmetricRow, i: number): Code {
  const minus = (of: Local): Code => op("f64x2.splat", op("f64.sub", f64(0), value(of, i)));
  return sequence(
    set(row.x, minus(x)),
    set(row.y, minus(y)),
    set(row.v, op("f64x2.splat", op("f64.mul", get(tau), value(v, i)))),
    ...row.sums.map((sum) => set(sum, op("f64x2.splat", f64(0)))),
    advance(row.at, i32(16)),
  );
}

/** The entries of a pair of rows among themselves: the diagonal, and what is right of its first entry. */
function updateCorner(
  pass: Pass,
  [one, two]: readonly SymmetricRow[],
  [first, right, second]: readonly [Local, Local, Local],
): Code {
  const timesV = (left: Local, other: Local): Code =>
    op("f64.add", op("f64.mul", get(left), value(pass.v, 0)), op("f64.mul", get(other), value(pass.v, 1)));
  return sequence(
    set(first, updated(pass, one.at, [0, 0])),
    set(right, updated(pass, one.at, [0, 1])),
    set(second, updated(pass, two.at, [1, 1])),
    store("f64.store", get(one.at), get(first)),
    store("f64.store", get(one.at), get(right), 8),
    store("f64.store", get(two.at), get(second), 8),
    addToW(pass, 0, timesV(first, right)),
    addToW(pass, 1, timesV(right, second)),
  );
}

/** Component i of a vector. */
function value(vector: Local, i = 0): Code {
  return load("f64.load", get(vector), 8 * i);
}

/** Entry j of a row, less xᵢ·yⱼ + yᵢ·xⱼ. */
function updated({ x, y }: Pass, at: Local, [i, j]: readonly [number, number]): Code {
  const term = (one: Local, other: Local): Code => op("f64.mul", value(one, i), value(other, j));
  return op("f64.sub", value(at, j), op("f64.add", term(x, y), term(y, x)));
}

/** wᵢ += tau · sum */
function addToW({ w, tau }: Pass, i: number, sum: Code): Code {
  return store("f64.store", get(w), op("f64.add", value(w, i), op("f64.mul", get(tau), sum)), 8 * i);
}
