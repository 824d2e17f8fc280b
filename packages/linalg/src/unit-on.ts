import type { Backend, Tensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import { reciprocalPower } from "./reciprocal-power.ts";

/**
 * The power of two that brings the largest entry of a tensor to about 1, so that no square of it overflows; 1 for
 * zeros. In f32 it is a normal f32 itself.
 *
 * @throws LoraError NUMERIC when that entry is not finite
 */
export async function unitOn<S>(backend: Backend<S>, a: Tensor<S>): Promise<number> {
  const largest = backend.run("reduce", { kind: "maxAbsolute", x: a });
  const [size] = await backend.download(largest);
  largest.dispose();
  if (!Number.isFinite(size)) {
    throw new LoraError("NUMERIC", `the largest entry of the matrix is ${size}`, {
      shape: a.shape,
      advice: "find out what wrote this value; it cannot be calculated around",
    });
  }
  return size === 0 ? 1 : Math.min(reciprocalPower(size), 2 ** 126);
}
