import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
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

/**
 * The lower triangle of a symmetric matrix of `count` rows, `row` bytes apart, becomes its Cholesky factor, entry by entry an inner
 * product of two of its rows. Gives the index of the first pivot that is not positive, which is left where it is, or `count`.
 *
 * @param dot the index of the function of `dot`
 */
export function cholesky(dot: number): WasmFunction {
  return defineFunction(
    { name: "cholesky", parameters: { a: "i32", row: "i32", count: "i32" }, result: "i32" },
    ({ a, row, count }, local) => {
      const [i, found, at, end, other, left] = Array.from({ length: 6 }, () => local("i32"));
      const pivot = local("f64");
      const remaining = op("f64.sub", load("f64.load", get(left)), call(dot, get(at), get(left), get(other)));
      const diagonal = load("f64.load", op("i32.add", get(other), op("i32.sub", get(left), get(at))));
      return sequence(
        set(found, get(count)),
        set(at, get(a)),
        set(end, get(a)),
        loopWhile(
          op("i32.lt_u", get(i), get(found)),
          set(other, get(a)),
          set(left, get(at)),
          loopWhile(
            op("i32.lt_u", get(left), get(end)),
            store("f64.store", get(left), op("f64.div", remaining, diagonal)),
            advance(left, i32(8)),
            advance(other, get(row)),
          ),
          set(pivot, remaining),
          when(
            op("f64.gt", get(pivot), f64(0)),
            sequence(
              store("f64.store", get(left), op("f64.sqrt", get(pivot))),
              advance(at, get(row)),
              advance(end, op("i32.add", get(row), i32(8))),
              advance(i, i32(1)),
            ),
            sequence(store("f64.store", get(left), get(pivot)), set(found, get(i))),
          ),
        ),
        get(found),
      );
    },
  );
}
