import type { StoredType } from "../../stored-matrix.ts";
import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import {
  advance,
  doubleOf,
  f32,
  get,
  i32,
  loopWhile,
  op,
  sequence,
  set,
  shuffle,
  singleOf,
  store,
} from "../assembler/instructions.ts";
import { LARGEST_VALUE } from "./normal-rounded-rows.ts";
import { READINGS } from "./reading.ts";

/** Whole numbers up to 2²² are the last digits of their sums with this. */
const FIRST_DIGIT = 1.5 * 2 ** 23;

/** Below it a row counts as zero. */
const LEAST = 2 ** -100;

/** The even ones of eight, then the odd ones, to the order of the eight. */
const BACK_IN_ORDER = [0, 4, 1, 5, 2, 6, 3, 7].flatMap((k) => [2 * k, 2 * k + 1]);

/**
 * Rows from `a` to `end`, `row` bytes apart, as whole numbers of eight bits: times 127 over the largest size in the row, and rounded to
 * nearest. They go to `to`, `step` bytes apart, and what each was divided by to `scales`, as f32: a NaN or infinity shows there.
 */
export function roundRows(from: StoredType): WasmFunction {
  return defineFunction(
    {
      name: `round_rows_${from}`,
      parameters: { a: "i32", end: "i32", row: "i32", to: "i32", step: "i32", scales: "i32" },
    },
    ({ a, end, row, to, step, scales }, local) => {
      const { prepare, read, bytes, unit } = READINGS[from](local);
      const [at, out, rowEnd, most] = [local("i32"), local("i32"), local("i32"), local("f32")];
      const [low, high, sizes] = [local("v128"), local("v128"), local("v128")];
      const [factor, units, shift] = [local("v128"), local("v128"), local("v128")];
      const size = (value: Local): Code => op("f32x4.abs", get(value));
      const lanes = [0, 1, 2, 3].map((lane) => singleOf(get(sizes), lane));
      const whole = (value: Local): Code => {
        const product = op("f32x4.mul", op("f32x4.mul", get(value), get(units)), get(factor));
        return op("i32x4.sub", op("f32x4.add", product, get(shift)), get(shift));
      };
      const halves = op("i16x8.narrow_i32x4_s", whole(low), whole(high));
      const ordered = from === "f32" ? halves : shuffle(halves, get(low), BACK_IN_ORDER);
      const eachEight = (...body: readonly Code[]): Code =>
        loopWhile(
          op("i32.lt_u", get(at), get(rowEnd)),
          read(get(at), low, high),
          ...body,
          advance(at, i32(bytes)),
        );
      return sequence(
        prepare,
        set(shift, op("f32x4.splat", f32(FIRST_DIGIT))),
        set(units, op("f32x4.splat", f32(unit))),
        loopWhile(
          op("i32.lt_u", get(a), get(end)),
          set(at, get(a)),
          set(rowEnd, op("i32.add", get(a), get(row))),
          set(sizes, op("i32x4.splat", i32(0))),
          // The bits of sizes are in the order of the sizes, and those of NaN above them.
          eachEight(set(sizes, op("i32x4.max_s", get(sizes), op("i32x4.max_s", size(low), size(high))))),
          set(
            most,
            op(
              "f32.mul",
              f32(unit),
              lanes.reduce((left, right) => op("f32.max", left, right)),
            ),
          ),
          store("f32.store", get(scales), op("f32.div", get(most), f32(LARGEST_VALUE))),
          set(most, op("f32.div", f32(LARGEST_VALUE), op("f32.max", get(most), f32(LEAST)))),
          set(factor, op("f32x4.splat", get(most))),
          set(at, get(a)),
          set(out, get(to)),
          eachEight(
            set(low, ordered),
            store("f64.store", get(out), doubleOf(op("i8x16.narrow_i16x8_s", get(low), get(low)), 0)),
            advance(out, i32(8)),
          ),
          advance(a, get(row)),
          advance(to, get(step)),
          advance(scales, i32(4)),
        ),
      );
    },
  );
}
