import type { Packing } from "../webgpu-storage.ts";
import { F8_FORMATS, WIDEN_F8 } from "./_float8.ts";

/** Values of the `…_PACKING` constants. */
export const PACKINGS: Readonly<Record<Packing, number>> = {
  f32: 0,
  f16: 1,
  bf16: 2,
  f8e4m3: 3,
  f8e5m2: 4,
  f8e4m3fnuz: 5,
  f8e5m2fnuz: 6,
};

/**
 * WGSL that reads an input as f32, whatever its packing: `x_at(index)` for an operand `x`. Small floats are widened
 * by integer arithmetic, exactly and with their subnormals, so that no device needs `shader-f16`; `UNPACK` has to
 * stand beside it once.
 */
export function operand(name: string, binding: number): string {
  const packing = `${name.toUpperCase()}_PACKING`;
  return /* wgsl */ `
override ${packing}: u32 = 0u;
@group(0) @binding(${binding}) var<storage, read> ${name}: array<u32>;

fn ${name}_at(index: u32) -> f32 {
  if (${packing} == ${PACKINGS.f32}u) { return bitcast<f32>(${name}[index]); }
  if (${packing} >= ${PACKINGS.f8e4m3}u) {
    let byte = (${name}[index >> 2u] >> (8u * (index & 3u))) & 0xffu;
    return bitcast<f32>(widened_byte(byte, ${packing}));
  }
  let half = (${name}[index >> 1u] >> (16u * (index & 1u))) & 0xffffu;
  return bitcast<f32>(select(half << 16u, widened(half), ${packing} == ${PACKINGS.f16}u));
}
`;
}

/** The bits of the f32 that equals an f16, or an 8-bit float of a packing. */
export const UNPACK: string = /* wgsl */ `
fn widened(half: u32) -> u32 {
  let sign = (half & 0x8000u) << 16u;
  let size = half & 0x7fffu;
  if (size < 0x400u) { return sign | bitcast<u32>(f32(size) * 0x1p-24f); }
  if (size >= 0x7c00u) { return sign | 0x7f800000u | (size << 13u); }
  return sign | ((size << 13u) + 0x38000000u);
}
${Object.values(WIDEN_F8).join("")}
fn widened_byte(byte: u32, packing: u32) -> u32 {
  let bytes = vec4<u32>(byte);
  switch (packing) {
${F8_FORMATS.map((format) => `    case ${PACKINGS[format]}u: { return widened_${format}(bytes).x; }`).join("\n")}
    default: { return 0u; }
  }
}
`;
