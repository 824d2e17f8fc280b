import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { call, f64, get, i32, load, op, sequence, set, store } from "../assembler/instructions.ts";

/** The functions that `reflect` calls, by their indices. */
export interface ReflectCalls {
  readonly dot: number;
  readonly axpy: number;
}

/**
 * y ← y − tau·v·(vᵀ·y), where v₀ = 1 is not read and the rest of v lies from x + 8 to `xEnd`. Gives the new y₀.
 */
export function reflect({ dot, axpy }: ReflectCalls): WasmFunction {
  return defineFunction(
    { name: "reflect", parameters: { x: "i32", xEnd: "i32", y: "i32", tau: "f64" }, result: "f64" },
    ({ x, xEnd, y, tau }, local) => {
      const [weight, first] = [local("f64"), local("f64")];
      const [tail, other] = [op("i32.add", get(x), i32(8)), op("i32.add", get(y), i32(8))];
      const along = op("f64.add", load("f64.load", get(y)), call(dot, tail, get(xEnd), other));
      return sequence(
        set(weight, op("f64.mul", get(tau), along)),
        set(first, op("f64.sub", load("f64.load", get(y)), get(weight))),
        store("f64.store", get(y), get(first)),
        call(axpy, op("f64.sub", f64(0), get(weight)), tail, get(xEnd), other),
        get(first),
      );
    },
  );
}
