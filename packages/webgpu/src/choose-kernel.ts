import type { Ops } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { kernels } from "./kernels/_index.ts";
import type { Kernel, KernelOf } from "./kernels/_kernel.ts";

/**
 * The kernels of `gemm`: blocks of registers, the same with tiles of f16 (`shader-f16`), plain tiles of 16 × 16, and
 * one without workgroup memory.
 */
export type ProductKernel = "block" | "half" | "tile" | "vector";

/** What decides between kernels of one operation. */
export interface KernelChoice {
  /** Whether the device calculates on the processor. */
  readonly software: boolean;
  readonly gemm?: ProductKernel | undefined;
}

/**
 * The kernel for each operation: the one asked for, or the first that suits the device.
 *
 * @throws LoraError USAGE when there is no gemm kernel of that name
 */
export function chooseKernel({ software, gemm }: KernelChoice): <O extends keyof Ops>(op: O) => KernelOf<O> {
  const suits = ({ op, id, forSoftware = software }: Kernel): boolean =>
    op === "gemm" && gemm !== undefined ? id === `gemm-${gemm}` : forSoftware === software;
  const suitable = kernels.filter(suits);
  if (!suitable.some(({ op }) => op === "gemm")) {
    throw new LoraError("USAGE", `there is no gemm kernel ${gemm}: there are block, half, tile and vector`, {
      gemm,
    });
  }
  return <O extends keyof Ops>(op: O) => suitable.find((kernel) => kernel.op === op) as KernelOf<O>;
}
