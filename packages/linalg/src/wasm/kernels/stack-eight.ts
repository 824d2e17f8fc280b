import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, loopWhile, op, sequence, store } from "../assembler/instructions.ts";
import type { HalfType } from "../../matrix.ts";
import { STORED_EIGHTS } from "./stored-eight.ts";

/** Eight values of sixteen bits side by side, then those `step` bytes behind them, and so on, as a panel of f32 with the even ones first. */
export function stackEight(type: HalfType): WasmFunction {
  return defineFunction(
    { name: `stack_${type}`, parameters: { source: "i32", step: "i32", out: "i32", end: "i32" } },
    ({ source, step, out, end }, local) => {
      const { begin, read } = STORED_EIGHTS[type](local);
      const pair = [local("v128"), local("v128")] as const;
      return sequence(
        begin,
        loopWhile(
          op("i32.lt_u", get(out), get(end)),
          read(source, 0, pair),
          ...pair.map((each, i) => store("v128.store", get(out), get(each), 16 * i)),
          advance(source, get(step)),
          advance(out, i32(32)),
        ),
      );
    },
  );
}
