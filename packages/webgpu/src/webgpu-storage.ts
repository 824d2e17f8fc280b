/** How the values of a tensor lie in its buffer: one f32 a word, or two 16-bit floats, the first in the lower half. */
export type Packing = "f32" | "f16" | "bf16";

/** Where the WebGPU backend keeps the values of a tensor. The buffer may be longer than they are. */
export interface WebGpuStorage {
  readonly buffer: GPUBuffer;
  readonly packing: Packing;
}

/** Bytes of one value. */
export const PACKED_BYTES: Readonly<Record<Packing, number>> = { f32: 4, f16: 2, bf16: 2 };
