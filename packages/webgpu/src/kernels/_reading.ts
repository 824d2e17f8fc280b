import type { Packing } from "../webgpu-storage.ts";
import { F8_FORMATS, WIDEN_F8 } from "./_float8.ts";

/**
 * How a shader reads an operand of a packing: value by value, or four neighbours at once, for which the binding begins
 * with the first of four; `halves` are four f16 that stay f16, which needs `shader-f16`.
 */
export interface Reading {
  readonly by: "values" | "fours" | "halves";
  readonly packing: Packing;
}

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
  ...byteReaders((format) => `widened_${format}(${SPLIT_8})`),
};

/** The bits of an f32 value from the word that it is in. */
const ALONE: Readonly<Record<Packing, (name: string) => string>> = {
  f32: (name) => `${name}[index]`,
  f16: (name) => `widened_f16(vec4<u32>((${name}[index / 2u] >> (16u * (index % 2u))) & 0xffffu)).x`,
  bf16: (name) => `(${name}[index / 2u] >> (16u * (index % 2u))) << 16u`,
  ...byteReaders(
    (format) => (name: string) =>
      `widened_${format}(vec4<u32>((${name}[index / 4u] >> (8u * (index % 4u))) & 0xffu)).x`,
  ),
};

/**
 * WGSL that reads an operand as f32: `x_at(index)`, or by fours `x_quad(index)` for the values from 4·index on. The
 * functions that widen a packing, `wideningOf`, have to stand beside it once.
 */
export function readOperand(name: string, binding: number, { by, packing }: Reading): string {
  const type = by === "values" ? "u32" : QUAD[packing];
  const declared = `@group(0) @binding(${binding}) var<storage, read> ${name}: array<${type}>;`;
  if (by === "halves") {
    return `${declared}\nfn ${name}_quad(index: u32) -> vec4<f16> { return bitcast<vec4<f16>>(${name}[index]); }\n`;
  }
  if (by === "values") {
    return `${declared}\nfn ${name}_at(index: u32) -> f32 { return bitcast<f32>(${ALONE[packing](name)}); }\n`;
  }
  return /* wgsl */ `${declared}
fn ${name}_quad(index: u32) -> vec4<f32> {
  let quad = ${name}[index];
  return bitcast<vec4<f32>>(${WIDENED[packing]});
}
`;
}

/** WGSL of the functions that widen these packings. */
export function wideningOf(packings: readonly Packing[]): string {
  const needed = new Set(packings);
  const bytes = F8_FORMATS.filter((format) => needed.has(format)).map((format) => WIDEN_F8[format]);
  return (needed.has("f16") ? WIDEN_F16 : "") + bytes.join("");
}

function byteReaders<T>(
  make: (format: (typeof F8_FORMATS)[number]) => T,
): Record<(typeof F8_FORMATS)[number], T> {
  return Object.fromEntries(F8_FORMATS.map((format) => [format, make(format)])) as Record<
    (typeof F8_FORMATS)[number],
    T
  >;
}

/** The bits of the f32 values that equal four f16. */
const WIDEN_F16 = /* wgsl */ `
fn widened_f16(halves: vec4<u32>) -> vec4<u32> {
  let size = halves & vec4<u32>(0x7fffu);
  let tiny = bitcast<vec4<u32>>(vec4<f32>(size) * 0x1p-24f);
  let usual = (size << vec4<u32>(13u)) + vec4<u32>(0x38000000u);
  let huge = (size << vec4<u32>(13u)) | vec4<u32>(0x7f800000u);
  let value = select(select(usual, tiny, size < vec4<u32>(0x400u)), huge, size >= vec4<u32>(0x7c00u));
  return ((halves & vec4<u32>(0x8000u)) << vec4<u32>(16u)) | value;
}
`;
