import type { Backend, Tensor } from "@lora/tensor";
import { unitOn } from "./unit-on.ts";

/** Between this power of two and its reciprocal, squares of entries neither overflow nor vanish beside the sum. */
const LARGEST_UNIT = 2 ** 30;

/**
 * ‖a‖_F of a tensor that a backend holds, without overflow or underflow on the way. The relative error is n·u at
 * most for n entries, u the unit roundoff of `a.dtype`; it is about log₂ n·u where sums are trees.
 *
 * @param a not disposed
 * @throws LoraError NUMERIC when an entry is not finite; what the backend throws
 */
export async function frobeniusNormOn<S>(backend: Backend<S>, a: Tensor<S>): Promise<number> {
  const unit = await unitOn(backend, a);
  const fits = unit <= LARGEST_UNIT && unit >= 1 / LARGEST_UNIT;
  const x = fits ? a : backend.run("scale", { alpha: unit, x: a });
  const squares = backend.run("reduce", { kind: "sumOfSquares", x });
  if (!fits) x.dispose();
  const [sum] = await backend.download(squares);
  squares.dispose();
  return Math.sqrt(sum) / (fits ? 1 : unit);
}
