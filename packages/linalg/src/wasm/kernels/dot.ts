import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set, when } from "../assembler/instructions.ts";
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { sumLanes } from "./sum-lanes.ts";

/** Vectors a turn: as many independent sums hide the latency of the addition. */
const SUMS = 4;

/** Σ xᵢ·yᵢ of doubles. `xEnd` is where x ends. */
export function dot(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "dot", parameters: { x: "i32", xEnd: "i32", y: "i32" }, result: "f64" },
    ({ x, xEnd, y }, local) => {
      const sums = Array.from({ length: SUMS }, () => local("v128"));
      const [left, right] = [local("v128"), local("v128")];
      const loop = (count: number) =>
        loopWhile(
          op("i32.le_u", op("i32.add", get(x), i32(16 * count)), get(xEnd)),
          ...sums
            .slice(0, count)
            .map((sum, v) =>
              sequence(
                set(left, load("v128.load", get(x), 16 * v)),
                set(right, load("v128.load", get(y), 16 * v)),
                multiplyAdd({ lanes: f64Lanes, fused }, sum, left, right),
              ),
            ),
          advance(x, i32(16 * count)),
          advance(y, i32(16 * count)),
        );
      const last = when(
        op("i32.lt_u", get(x), get(xEnd)),
        sequence(
          set(left, load("v128.load64_zero", get(x))),
          set(right, load("v128.load64_zero", get(y))),
          multiplyAdd({ lanes: f64Lanes, fused }, sums[0], left, right),
        ),
      );
      return sequence(loop(SUMS), loop(1), last, sumLanes(sums));
    },
  );
}
