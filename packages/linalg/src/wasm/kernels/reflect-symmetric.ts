import type { WasmFunction } from "../assembler/define-function.ts";
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
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { sumLanes } from "./sum-lanes.ts";

/** Vectors a turn of the loops. */
const UNROLLED = 4;

/** The functions that `reflectSymmetric` calls, by their indices. */
export interface SymmetricCalls {
  readonly dot: number;
  readonly axpy: number;
  readonly dotAndAdd: number;
  readonly addTwo: number;
}

/** What is done along vectors: for two components at an offset, and for the last where their number is odd. */
interface Steps {
  readonly two: (at: number) => Code;
  readonly one: Code;
}

/** Goes along `x` up to `xEnd`, and along the others with it. */
function along(x: Local, xEnd: Local, others: readonly Local[], { two, one }: Steps): Code {
  const loop = (count: number): Code =>
    loopWhile(
      op("i32.le_u", op("i32.add", get(x), i32(16 * count)), get(xEnd)),
      ...Array.from({ length: count }, (_, v) => two(16 * v)),
      ...[x, ...others].map((each) => advance(each, i32(16 * count))),
    );
  return sequence(loop(UNROLLED), loop(1), when(op("i32.lt_u", get(x), get(xEnd)), one));
}

/** Σ xᵢ·yᵢ, and z += alpha · x in the same pass. */
export function dotAndAdd(fused: boolean): WasmFunction {
  return defineFunction(
    {
      name: "dot_and_add",
      parameters: { x: "i32", xEnd: "i32", y: "i32", z: "i32", alpha: "f64" },
      result: "f64",
    },
    ({ x, xEnd, y, z, alpha }, local) => {
      const sums = Array.from({ length: UNROLLED }, () => local("v128"));
      const [factor, left, other] = [local("v128"), local("v128"), local("v128")];
      const arithmetic = { lanes: f64Lanes, fused };
      const two = (at: number): Code =>
        sequence(
          set(left, load("v128.load", get(x), at)),
          set(other, load("v128.load", get(y), at)),
          multiplyAdd(arithmetic, sums[at / 16], left, other),
          set(other, load("v128.load", get(z), at)),
          multiplyAdd(arithmetic, other, left, factor),
          store("v128.store", get(z), get(other), at),
        );
      const product = op("f64.mul", get(alpha), load("f64.load", get(x)));
      const one = sequence(
        set(left, load("v128.load64_zero", get(x))),
        set(other, load("v128.load64_zero", get(y))),
        multiplyAdd(arithmetic, sums[0], left, other),
        store("f64.store", get(z), op("f64.add", load("f64.load", get(z)), product)),
      );
      return sequence(
        set(factor, op("f64x2.splat", get(alpha))),
        along(x, xEnd, [y, z], { two, one }),
        sumLanes(sums),
      );
    },
  );
}

/** x += alpha · y + beta · z */
export function addTwo(fused: boolean): WasmFunction {
  return defineFunction(
    {
      name: "add_two",
      parameters: { x: "i32", xEnd: "i32", y: "i32", z: "i32", alpha: "f64", beta: "f64" },
    },
    ({ x, xEnd, y, z, alpha, beta }, local) => {
      const [first, second, sum, term] = [local("v128"), local("v128"), local("v128"), local("v128")];
      const two = (at: number): Code =>
        sequence(
          set(sum, load("v128.load", get(x), at)),
          set(term, load("v128.load", get(y), at)),
          multiplyAdd({ lanes: f64Lanes, fused }, sum, term, first),
          set(term, load("v128.load", get(z), at)),
          multiplyAdd({ lanes: f64Lanes, fused }, sum, term, second),
          store("v128.store", get(x), get(sum), at),
        );
      const scaled = (factor: Local, of: Local): Code =>
        op("f64.mul", get(factor), load("f64.load", get(of)));
      const sumOfOne = op("f64.add", load("f64.load", get(x)), scaled(alpha, y));
      const one = store("f64.store", get(x), op("f64.add", sumOfOne, scaled(beta, z)));
      return sequence(
        set(first, op("f64x2.splat", get(alpha))),
        set(second, op("f64x2.splat", get(beta))),
        along(x, xEnd, [y, z], { two, one }),
      );
    },
  );
}

/**
 * a ← H·a·H for H = I − tau·v·vᵀ and a symmetric block, of which the upper triangle is read and written: w = tau·a·v,
 * less tau/2·(v·w) times v, then a −= v·wᵀ + w·vᵀ. `a` is where the block begins, `aEnd` where its first row ends, and
 * `row` the bytes from a row to the next; w is zero before.
 */
export function reflectSymmetric(calls: SymmetricCalls): WasmFunction {
  return defineFunction(
    {
      name: "reflect_symmetric",
      parameters: { a: "i32", aEnd: "i32", row: "i32", v: "i32", vEnd: "i32", w: "i32", tau: "f64" },
    },
    ({ a, aEnd, row, v, vEnd, w, tau }, local) => {
      const [at, end, x, y] = [local("i32"), local("i32"), local("i32"), local("i32")];
      const weight = local("f64");
      const behind = (where: Local): Code => op("i32.add", get(where), i32(8));
      const negative = (where: Local): Code => op("f64.sub", f64(0), load("f64.load", get(where)));
      const eachRow = (...body: readonly Code[]): Code =>
        sequence(
          set(at, get(a)),
          set(end, get(aEnd)),
          set(x, get(v)),
          set(y, get(w)),
          loopWhile(
            op("i32.lt_u", get(x), get(vEnd)),
            ...body,
            advance(at, behind(row)),
            advance(end, get(row)),
            advance(x, i32(8)),
            advance(y, i32(8)),
          ),
        );
      const right = call(calls.dotAndAdd, behind(at), get(end), behind(x), behind(y), get(weight));
      const diagonal = op("f64.mul", load("f64.load", get(at)), get(weight));
      const sum = op("f64.add", diagonal, op("f64.mul", get(tau), right));
      const half = op(
        "f64.mul",
        f64(-0.5),
        op("f64.mul", get(tau), call(calls.dot, get(v), get(vEnd), get(w))),
      );
      return sequence(
        eachRow(
          set(weight, op("f64.mul", get(tau), load("f64.load", get(x)))),
          store("f64.store", get(y), op("f64.add", load("f64.load", get(y)), sum)),
        ),
        call(calls.axpy, half, get(v), get(vEnd), get(w)),
        eachRow(call(calls.addTwo, get(at), get(end), get(x), get(y), negative(y), negative(x))),
      );
    },
  );
}
