import type { Packing } from "../webgpu-storage.ts";

/** Values of the `…_PACKING` constants. */
export const PACKINGS: Readonly<Record<Packing, number>> = { f32: 0, f16: 1, bf16: 2 };

/**
 * WGSL that reads an input as f32, whatever its packing: `x_at(index)` for an operand `x`. 16-bit floats are widened
 * by integer arithmetic, exactly and with their subnormals, so that no device needs `shader-f16`; `UNPACK` has to
 * stand beside it once.
 */
export function operand(name: string, binding: number): string {
  const packing = `${name.toUpperCase()}_PACKING`;
  return /* wgsl */ `
override ${packing}: u32 = 0u;
@group(0) @binding(${binding}) var<storage, read> ${name}: array<u32>;

fn ${name}_at(index: u32) -> f32 {
  if (${packing} == 0u) { return bitcast<f32>(${name}[index]); }
  let half = (${name}[index >> 1u] >> (16u * (index & 1u))) & 0xffffu;
  return bitcast<f32>(select(half << 16u, widened(half), ${packing} == 1u));
}
`;
}

/** The bits of the f32 that equals an f16. */
export const UNPACK = /* wgsl */ `
fn widened(half: u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let size = half & 0x7fffu;
  if (size < 0x400u) { return sign | bitcast<u32>(f32(size) * 0x1p-24f); }
  if (size >= 0x7c00u) { return sign | 0x7f800000u | (size << 13u); }
  return sign | ((size << 13u) + 0x38000000u);
}
`;
