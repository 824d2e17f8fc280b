import type { Float64Matrix } from "../float64-matrix.ts";
import type { Workplace } from "./workplace.ts";

/** `Engine.cholesky`: the matrix goes in and comes out whole. */
export function choleskyInMemory({ arena, kernels }: Workplace, { rows, data }: Float64Matrix): number {
  return arena.scope(() => {
    const at = arena.allocate(8 * data.length) / 8;
    arena.doubles.set(data, at);
    const failed = kernels.functions["cholesky"](8 * at, 8 * rows, rows);
    data.set(arena.doubles.subarray(at, at + data.length));
    return failed;
  });
}
