import type { DType, LazyTensor } from "@lora/tensor";
import { LoraError } from "@lora/tensor";

/** A type as safetensors names it; `bits` is the size of one element. */
export interface StoredType {
  readonly dtype: DType;
  readonly bits: number;
}

/**
 * Every type of safetensors 0.8. Those that this toolkit cannot read are `opaque`: their sizes are checked
 * and their bytes carried.
 */
export const STORED_TYPES: ReadonlyMap<string, StoredType> = new Map<string, StoredType>([
  ["BOOL", { dtype: "bool", bits: 8 }],
  ["F4", { dtype: "opaque", bits: 4 }],
  ["F6_E2M3", { dtype: "opaque", bits: 6 }],
  ["F6_E3M2", { dtype: "opaque", bits: 6 }],
  ["U8", { dtype: "u8", bits: 8 }],
  ["I8", { dtype: "i8", bits: 8 }],
  ["F8_E5M2", { dtype: "f8e5m2", bits: 8 }],
  ["F8_E4M3", { dtype: "f8e4m3", bits: 8 }],
  ["F8_E8M0", { dtype: "opaque", bits: 8 }],
  ["F8_E4M3FNUZ", { dtype: "f8e4m3fnuz", bits: 8 }],
  ["F8_E5M2FNUZ", { dtype: "f8e5m2fnuz", bits: 8 }],
  ["I16", { dtype: "i16", bits: 16 }],
  ["U16", { dtype: "u16", bits: 16 }],
  ["F16", { dtype: "f16", bits: 16 }],
  ["BF16", { dtype: "bf16", bits: 16 }],
  ["I32", { dtype: "i32", bits: 32 }],
  ["U32", { dtype: "u32", bits: 32 }],
  ["F32", { dtype: "f32", bits: 32 }],
  ["C64", { dtype: "opaque", bits: 64 }],
  ["F64", { dtype: "f64", bits: 64 }],
  ["I64", { dtype: "i64", bits: 64 }],
  ["U64", { dtype: "u64", bits: 64 }],
]);

const NAMES: ReadonlyMap<DType, string> = new Map(
  Array.from(STORED_TYPES, ([name, { dtype }]) => [dtype, name]),
);

/**
 * What safetensors calls the type of a tensor.
 *
 * @throws LoraError DTYPE when it is opaque and nobody knows its name
 */
export function storedName(
  name: string,
  { dtype, storedAs }: Pick<LazyTensor, "dtype" | "storedAs">,
): string {
  const stored = dtype === "opaque" ? storedAs : NAMES.get(dtype);
  // A colon marks what only another format knows: `ggml:iq4_nl`.
  if (stored !== undefined && !stored.includes(":")) return stored;
  throw new LoraError("DTYPE", `the type ${stored ?? dtype} has no name to store it under`, { tensor: name });
}
