import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import type { Code } from "../assembler/instructions.ts";
import {
  advance,
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

/** y += alpha · x, of doubles. `xEnd` is where x ends. */
export function axpy(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "axpy", parameters: { alpha: "f64", x: "i32", xEnd: "i32", y: "i32" } },
    ({ alpha, x, xEnd, y }, local) => {
      const [factor, term, sum] = [local("v128"), local("v128"), local("v128")];
      const step = (at: number): Code =>
        sequence(
          set(term, load("v128.load", get(x), at)),
          set(sum, load("v128.load", get(y), at)),
          multiplyAdd({ lanes: f64Lanes, fused }, sum, term, factor),
          store("v128.store", get(y), get(sum), at),
        );
      const loop = (count: number): Code =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(x), i32(16 * count)), get(xEnd)),
          ...Array.from({ length: count }, (_, v) => step(16 * v)),
          advance(x, i32(16 * count)),
          advance(y, i32(16 * count)),
        );
      const last = op(
        "f64.add",
        load("f64.load", get(y)),
        op("f64.mul", get(alpha), load("f64.load", get(x))),
      );
      return sequence(
        set(factor, op("f64x2.splat", get(alpha))),
        loop(4),
        loop(1),
        when(op("i32.lt_u", get(x), get(xEnd)), store("f64.store", get(y), last)),
      );
    },
  );
}
