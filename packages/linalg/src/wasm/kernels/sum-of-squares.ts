import type { WasmFunction } from "../assembler/define-function.ts";
import { defineFunction } from "../assembler/define-function.ts";
import { advance, get, i32, load, loopWhile, op, sequence, set } from "../assembler/instructions.ts";
import { f64Lanes, multiplyAdd } from "./lanes.ts";
import { sumLanes } from "./sum-lanes.ts";

/** Vectors of two doubles a turn: as many independent sums hide the latency of the addition. */
const SUMS = 4;

/** Σ xᵢ² of f32 with f64 sums; from `from` to `end`, a multiple of 32 bytes. */
export function sumOfSquares(fused: boolean): WasmFunction {
  return defineFunction(
    { name: "sum_of_squares", parameters: { from: "i32", end: "i32" }, result: "f64" },
    ({ from, end }, local) => {
      const sums = Array.from({ length: SUMS }, () => local("v128"));
      const value = local("v128");
      const add = (index: number) =>
        sequence(
          set(value, op("f64x2.promote_low_f32x4", load("v128.load64_zero", get(from), 8 * index))),
          multiplyAdd({ lanes: f64Lanes, fused }, sums[index], value, value),
        );
      return sequence(
        loopWhile(
          op("i32.lt_u", get(from), get(end)),
          ...sums.map((_, i) => add(i)),
          advance(from, i32(8 * SUMS)),
        ),
        sumLanes(sums),
      );
    },
  );
}
