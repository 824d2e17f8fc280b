import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code, Local } from "../assembler/instructions.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, store } from "../assembler/instructions.ts";

/** x ← c·x − s·y, y ← s·x + c·y, of doubles. `xEnd` is where x ends, a whole number of vectors away. */
export function rotate(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "rotate", parameters: { x: "i32", xEnd: "i32", y: "i32", c: "f64", s: "f64" } },
    ({ x, xEnd, y, c, s }, local) => {
      const [cosine, sine, left, right] = [local("v128"), local("v128"), local("v128"), local("v128")];
      const turn = (at: number): Code =>
        sequence(
          set(left, load("v128.load", get(x), at)),
          set(right, load("v128.load", get(y), at)),
          store("v128.store", get(x), difference(fused, [cosine, left], [sine, right]), at),
          store("v128.store", get(y), sum(fused, [sine, left], [cosine, right]), at),
        );
      const loop = (count: number): Code =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(x), i32(16 * count)), get(xEnd)),
          ...Array.from({ length: count }, (_, v) => turn(16 * v)),
          advance(x, i32(16 * count)),
          advance(y, i32(16 * count)),
        );
      return sequence(
        set(cosine, op("f64x2.splat", get(c))),
        set(sine, op("f64x2.splat", get(s))),
        loop(4),
        loop(1),
      );
    },
  );
}

type Factors = readonly [Local, Local];

const product = ([one, other]: Factors): Code => op("f64x2.mul", get(one), get(other));

function sum(fused: boolean, one: Factors, other: Factors): Code {
  if (fused) return op("f64x2.relaxed_madd", get(one[0]), get(one[1]), product(other));
  return op("f64x2.add", product(one), product(other));
}

function difference(fused: boolean, one: Factors, other: Factors): Code {
  if (fused) return op("f64x2.relaxed_nmadd", get(other[0]), get(other[1]), product(one));
  return op("f64x2.sub", product(one), product(other));
}
