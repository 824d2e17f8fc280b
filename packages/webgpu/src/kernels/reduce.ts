// reduce: sums, sums of squares and largest magnitudes, in workgroup memory (see _reduction.ts).
// Error: |s − exact| ≤ (n + 1)·2⁻²⁴·Σ|xᵢ|, in fact about log₂ n of it; largest magnitudes are exact.
import { elementCount } from "@lora/tensor";
import { defineKernel, type KernelOf } from "./_kernel.ts";
import { reduceLines } from "./_reduction.ts";
import { rowsInBinding, rowTooLong } from "./_region.ts";

export const reduce: KernelOf<"reduce"> = defineKernel("reduce", {
  id: "reduce",
  problem({ x, axis }, mostBinding) {
    const cols = axis === undefined ? 1 : x.shape[1]!;
    return rowsInBinding(cols, x.storage, mostBinding) < 1
      ? rowTooLong("reduce", cols, mostBinding)
      : undefined;
  },
  run({ kind, x, axis }, out, launcher) {
    const whole = { rows: elementCount(x.shape), cols: 1 };
    const sizes = axis === undefined ? whole : { rows: x.shape[0]!, cols: x.shape[1]! };
    const along = axis === 1 ? "rows" : "columns";
    reduceLines({ kind, x: x.storage, ...sizes, along }, out, launcher);
  },
});
