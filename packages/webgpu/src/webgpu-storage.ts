/** How the values of a tensor lie in its buffer: as they are stored, the first in the lowest bits of a word. */
export type Packing = "f32" | "f16" | "bf16" | "f8e4m3" | "f8e5m2" | "f8e4m3fnuz" | "f8e5m2fnuz";

/** Where the WebGPU backend keeps the values of a tensor. The buffer may be longer than they are. */
export interface WebGpuStorage {
  readonly buffer: GPUBuffer;
  readonly packing: Packing;
}

/** Bytes of one value. */
export const PACKED_BYTES: Readonly<Record<Packing, number>> = {
  f32: 4,
  f16: 2,
  bf16: 2,
  f8e4m3: 1,
  f8e5m2: 1,
  f8e4m3fnuz: 1,
  f8e5m2fnuz: 1,
};

/** Whether values of this type stay as they are stored; all others become f32 on the way up. */
export function isPacking(dtype: string): dtype is Packing {
  return Object.hasOwn(PACKED_BYTES, dtype);
}
