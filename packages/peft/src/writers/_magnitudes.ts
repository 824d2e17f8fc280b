import type { MagnitudeForm } from "./_writer.ts";

/**
 * LyCORIS: out × 1, or 1 × in, with an axis of 1 for each of a kernel.
 *
 * @see LyCORIS locon.py; ComfyUI comfy/weight_adapter/base.py weight_decompose, which divides by the norms of W alone where they
 *   are of outputs
 */
export const doraScale: MagnitudeForm = {
  suffix: "dora_scale",
  perInput: true,
  onEvery: false,
  shape: ({ axis, size, kernelAxes }) => [
    ...(axis === "out" ? [size, 1] : [1, size]),
    ...Array.from({ length: kernelAxes }, () => 1),
  ],
};

/**
 * MLX LM: one for each output; `fine_tune_type` says that every module has them.
 *
 * @see ml-explore/mlx-lm mlx_lm/tuner/dora.py
 */
export const mlxMagnitude: MagnitudeForm = {
  suffix: "m",
  perInput: false,
  onEvery: true,
  shape: ({ size }) => [size],
};

/**
 * PEFT: one for each output; of a convolution in the second axis, as its layer holds them.
 *
 * @see PEFT tuners/lora/dora.py
 */
export const magnitudeVector: MagnitudeForm = {
  suffix: "lora_magnitude_vector",
  perInput: false,
  onEvery: true,
  shape: ({ size, kernelAxes }) =>
    kernelAxes === 0 ? [size] : [1, size, ...Array.from({ length: kernelAxes }, () => 1)],
};
