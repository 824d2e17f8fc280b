import type { Packing } from "../webgpu-storage.ts";
import { F8_FORMATS } from "./_float8.ts";

/**
 * How a shader reads an operand: value by value, whatever its packing, or four neighbours of one packing at once.
 * `half` is f16 that stays f16, which needs `shader-f16`.
 */
export type Reading = "values" | "half" | Packing;

/** The WGSL type that holds four values of a packing. */
const QUAD: Readonly<Record<Packing, string>> = {
  f32: "vec4<u32>",
  f16: "vec2<u32>",
  bf16: "vec2<u32>",
  f8e4m3: "u32",
  f8e5m2: "u32",
  f8e4m3fnuz: "u32",
  f8e5m2fnuz: "u32",
};

const SPLIT_16 = "vec4<u32>(quad.x & 0xffffu, quad.x >> 16u, quad.y & 0xffffu, quad.y >> 16u)";
const SPLIT_8 = "(vec4<u32>(quad) >> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<u32>(0xffu)";

/** The bits of four f32 values from `quad`. */
const WIDENED: Readonly<Record<Packing, string>> = {
  f32: "quad",
  f16: `widened_f16(${SPLIT_16})`,
  bf16: `${SPLIT_16} << vec4<u32>(16u)`,
  ...(Object.fromEntries(F8_FORMATS.map((name) => [name, `widened_${name}(${SPLIT_8})`])) as Record<
    (typeof F8_FORMATS)[number],
    string
  >),
};

/**
 * WGSL that reads four neighbouring values of an operand at once: `x_quad(index)` for values 4·index on, as f32.
 * The binding must begin with the first of four, which `Reading` "values" does not ask for.
 */
export function quadOperand(name: string, binding: number, reading: Packing | "half"): string {
  if (reading === "half") {
    return /* wgsl */ `
@group(0) @binding(${binding}) var<storage, read> ${name}: array<vec2<u32>>;

fn ${name}_quad(index: u32) -> vec4<f16> { return bitcast<vec4<f16>>(${name}[index]); }
`;
  }
  return /* wgsl */ `
@group(0) @binding(${binding}) var<storage, read> ${name}: array<${QUAD[reading]}>;

fn ${name}_quad(index: u32) -> vec4<f32> {
  let quad = ${name}[index];
  return bitcast<vec4<f32>>(${WIDENED[reading]});
}
`;
}

/** The bits of the f32 values that equal four f16. */
export const WIDEN_F16 = /* wgsl */ `
fn widened_f16(halves: vec4<u32>) -> vec4<u32> {
  let size = halves & vec4<u32>(0x7fffu);
  let tiny = bitcast<vec4<u32>>(vec4<f32>(size) * 0x1p-24f);
  let usual = (size << vec4<u32>(13u)) + vec4<u32>(0x38000000u);
  let huge = (size << vec4<u32>(13u)) | vec4<u32>(0x7f800000u);
  let value = select(select(usual, tiny, size < vec4<u32>(0x400u)), huge, size >= vec4<u32>(0x7c00u));
  return ((halves & vec4<u32>(0x8000u)) << vec4<u32>(16u)) | value;
}
`;
