// gram: xᵀ · x, by this backend's gemm. Both halves add the same products in the same order: symmetric to the bit.
import { defineKernel, type KernelOf } from "./_kernel.ts";
import { rowsInBinding, rowTooLong } from "./_region.ts";

export const gram: KernelOf<"gram"> = defineKernel("gram", {
  id: "gram",
  problem({ x }, mostBinding) {
    const cols = x.shape.at(-1)!;
    const fits = rowsInBinding(cols, { ...x.storage, packing: "f32" }, mostBinding) >= 1;
    return fits ? undefined : rowTooLong("gram", cols, mostBinding);
  },
  run: ({ x }, out, launcher) => launcher.apply("gemm", { a: x, b: x, transA: true }, out),
});
