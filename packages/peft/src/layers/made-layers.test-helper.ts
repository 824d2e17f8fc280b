import type { LazyTensor } from "@lora/tensor";
import { tensorOfValues } from "@lora/tensor";
import { ConvolutionLayer } from "./convolution.ts";
import type { ConvolutionOptions } from "./convolution.ts";
import { denseTensor, typedTensor } from "./dense-tensor.ts";
import type { TypedTensor } from "./dense-tensor.ts";
import type { AdapterTensors, AdapterWeights } from "./layer-adapter.ts";
import { LinearLayer } from "./linear.ts";

export const ones = (...shape: number[]): TypedTensor =>
  typedTensor(
    denseTensor(
      shape,
      Array.from({ length: shape.reduce((all, size) => all * size, 1) }, () => 1),
    ),
  );
export const stored = (...shape: number[]): LazyTensor => tensorOfValues(ones(...shape).data, "f64", shape);
/** Of a layer of 3 inputs and 2 outputs. */
export const factors = (rank = 2, more: Partial<AdapterTensors> = {}): AdapterTensors => ({
  down: ones(rank, 3),
  up: ones(2, rank),
  ...more,
});

/** Of 2 channels, with a kernel of 3 × 3. */
export const conv = (options: ConvolutionOptions): ConvolutionLayer =>
  new ConvolutionLayer({ weight: stored(4, 2, 3, 3) }, options);

/** A layer of 3 × 2 with the active adapter `a`. */
export async function linear(weights: Partial<AdapterWeights> = {}, bias = false): Promise<LinearLayer> {
  const layer = new LinearLayer({ weight: stored(2, 3), bias: bias ? stored(2) : undefined });
  await layer.load();
  layer.addAdapter("a", { tensors: factors(), alpha: 2, ...weights });
  layer.setAdapters(["a"]);
  return layer;
}

export const x: TypedTensor = ones(1, 3);
