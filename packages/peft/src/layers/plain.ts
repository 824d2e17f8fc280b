import type { Matrix } from "@lora/linalg";
import { multiply } from "@lora/linalg";
import { precisionOf } from "./dense-tensor.ts";
import type { ForwardStep, Variant } from "./variant.ts";

/**
 * LoRA itself: y += s·B·A·x through the factors, (in + out)·r work a token.
 *
 * @see Hu et al. 2021, arXiv 2106.09685
 */
export const plain: Variant = {
  id: "lora",
  kinds: ["linear", "hf-conv1d", "convolution", "embedding", "attention", "experts"],
  forward(step) {
    addTo(step.y, branch(step), step.adapter.scale);
    addBias(step);
  },
};

/** B·A·x, without the scale. */
export function branch({
  layer,
  adapter,
  tokens,
}: Pick<ForwardStep, "layer" | "adapter" | "tokens">): Matrix {
  const { up, down } = adapter.factors;
  const inner = tokens.times({ matrix: down, transposed: false });
  return multiply(inner, up, { transB: true, engine: layer.engine, as: precisionOf(inner.data) });
}

/** s·b of the adapter joins the bias. */
function addBias({ adapter, bias }: Pick<ForwardStep, "adapter" | "bias">): void {
  const own = adapter.tensors.bias;
  if (own !== undefined)
    for (let i = 0; i < bias.length; i++) bias[i] = bias[i]! + adapter.scale * own.data[i]!;
}

/** y += factor · x */
export function addTo(y: Matrix, x: Matrix, factor: number): void {
  for (let i = 0; i < y.data.length; i++) y.data[i] = y.data[i]! + factor * x.data[i]!;
}
