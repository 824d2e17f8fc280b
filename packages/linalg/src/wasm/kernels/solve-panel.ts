import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";

/** Unknowns solved together: what is read of the known ones then serves four. */
export const GROUP = 4;

/** A term of a panel: four doubles, two vectors. */
const TERM = 32;

/**
 * x ← x · l⁻ᵀ for four rows x, packed as a panel of as many terms as l has rows, which must be a multiple of
 * `GROUP`. Forward substitution; `row` is the length of a row of l in bytes.
 */
export function solvePanel(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "solve_panel", parameters: { x: "i32", end: "i32", l: "i32", row: "i32" } },
    ({ x, end, l, row }, local) => {
      const rows = Array.from({ length: GROUP }, () => local("i32")); // of l, at the column that is next
      const sums = Array.from({ length: GROUP }, () => [local("v128"), local("v128")] as const);
      const [known, group, values] = [local("i32"), local("i32"), [local("v128"), local("v128")] as const];
      const weight = local("v128");
      const subtract = (i: number, column: number): Code =>
        sequence(
          set(weight, load("v128.load64_splat", get(rows[i]), 8 * column)),
          ...sums[i].map((sum, v) => takeOff(fused, sum, [weight, values[v]])),
        );
      const solved = (i: number): Code =>
        sequence(
          ...sums[i].map((sum, v) => {
            const diagonal = load("v128.load64_splat", get(rows[i]), 8 * i);
            return sequence(
              set(values[v], op("f64x2.div", get(sum), diagonal)),
              store("v128.store", get(group), get(values[v]), TERM * i + 16 * v),
            );
          }),
          ...rows.slice(i + 1).map((_, below) => subtract(i + 1 + below, i)),
        );
      return sequence(
        set(group, get(x)),
        loopWhile(
          op("i32.lt_u", get(group), get(end)),
          set(rows[0], get(l)),
          ...rows.slice(1).map((each, i) => set(each, op("i32.add", get(rows[i]), get(row)))),
          ...sums.flatMap((pair, i) =>
            pair.map((sum, v) => set(sum, load("v128.load", get(group), TERM * i + 16 * v))),
          ),
          set(known, get(x)),
          loopWhile(
            op("i32.lt_u", get(known), get(group)),
            ...values.map((value, v) => set(value, load("v128.load", get(known), 16 * v))),
            ...sums.map((_, i) => subtract(i, 0)),
            ...rows.map((each) => advance(each, i32(8))),
            advance(known, i32(TERM)),
          ),
          ...sums.map((_, i) => solved(i)),
          advance(group, i32(TERM * GROUP)),
          advance(l, op("i32.mul", get(row), i32(GROUP))),
        ),
      );
    },
  );
}

/** sum ← sum − x · y */
function takeOff(fused: boolean, sum: Local, [x, y]: readonly [Local, Local]): Code {
  if (fused) return set(sum, op("f64x2.relaxed_nmadd", get(x), get(y), get(sum)));
  return set(sum, op("f64x2.sub", get(sum), op("f64x2.mul", get(x), get(y))));
}
