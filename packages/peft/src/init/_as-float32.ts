import type { Matrix } from "@lora/linalg";

/** The values in f32; `a` itself when it holds those. */
export function asFloat32({ rows, cols, data }: Matrix): Matrix {
  return { rows, cols, data: data instanceof Float32Array ? data : new Float32Array(data) };
}
