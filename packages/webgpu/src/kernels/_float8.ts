/** The 8-bit float types, and what their bits mean. */
const LAYOUTS = {
  f8e4m3: {
    fraction: 3,
    bias: 7,
    special: "select(value, vec4<u32>(0x7fc00000u), size == vec4<u32>(0x7fu))",
  },
  f8e5m2: {
    fraction: 2,
    bias: 15,
    special: "select(value, (size << vec4<u32>(21u)) | vec4<u32>(0x7f800000u), size >= vec4<u32>(0x7cu))",
  },
  f8e4m3fnuz: {
    fraction: 3,
    bias: 8,
    special: "select(value, vec4<u32>(0x7fc00000u), bytes == vec4<u32>(0x80u))",
  },
  f8e5m2fnuz: {
    fraction: 2,
    bias: 16,
    special: "select(value, vec4<u32>(0x7fc00000u), bytes == vec4<u32>(0x80u))",
  },
} as const;

/** Their names. */
export const F8_FORMATS = Object.keys(LAYOUTS) as readonly (keyof typeof LAYOUTS)[];

/** WGSL `widened_f8…(bytes)` by name: the bits of the f32 values that equal four 8-bit floats. */
export const WIDEN_F8: Readonly<Record<(typeof F8_FORMATS)[number], string>> = {
  f8e4m3: widen("f8e4m3"),
  f8e5m2: widen("f8e5m2"),
  f8e4m3fnuz: widen("f8e4m3fnuz"),
  f8e5m2fnuz: widen("f8e5m2fnuz"),
};

function widen(name: keyof typeof LAYOUTS): string {
  const { fraction, bias, special } = LAYOUTS[name];
  return /* wgsl */ `
fn widened_${name}(bytes: vec4<u32>) -> vec4<u32> {
  let size = bytes & vec4<u32>(0x7fu);
  let tiny = bitcast<vec4<u32>>(vec4<f32>(size) * 0x1p-${bias - 1 + fraction}f);
  let usual = (size << vec4<u32>(${23 - fraction}u)) + vec4<u32>(${(127 - bias) * 2 ** 23}u);
  let value = select(usual, tiny, size < vec4<u32>(${2 ** fraction}u));
  return ((bytes & vec4<u32>(0x80u)) << vec4<u32>(24u)) | ${special};
}
`;
}
