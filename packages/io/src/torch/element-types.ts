import type { DType } from "@lora/tensor";

/** A type of elements as PyTorch names it. */
export interface ElementType {
  /** As in `torch.float32`. */
  readonly name: string;
  /** The class of typed storages, where there is one. */
  readonly storage?: string;
  readonly bytes: number;
  readonly dtype: DType;
  /** For those that are opaque here. */
  readonly storedAs?: string;
  /** Bytes of a component, where an element has two. */
  readonly component?: number;
}

/** Every type whose elements take whole bytes and stand for themselves. */
export const ELEMENT_TYPES: readonly ElementType[] = [
  { name: "float64", storage: "DoubleStorage", bytes: 8, dtype: "f64" },
  { name: "float32", storage: "FloatStorage", bytes: 4, dtype: "f32" },
  { name: "float16", storage: "HalfStorage", bytes: 2, dtype: "f16" },
  { name: "bfloat16", storage: "BFloat16Storage", bytes: 2, dtype: "bf16" },
  { name: "int64", storage: "LongStorage", bytes: 8, dtype: "i64" },
  { name: "int32", storage: "IntStorage", bytes: 4, dtype: "i32" },
  { name: "int16", storage: "ShortStorage", bytes: 2, dtype: "i16" },
  { name: "int8", storage: "CharStorage", bytes: 1, dtype: "i8" },
  { name: "uint8", storage: "ByteStorage", bytes: 1, dtype: "u8" },
  { name: "bool", storage: "BoolStorage", bytes: 1, dtype: "bool" },
  { name: "uint64", bytes: 8, dtype: "u64" },
  { name: "uint32", bytes: 4, dtype: "u32" },
  { name: "uint16", bytes: 2, dtype: "u16" },
  { name: "float8_e4m3fn", bytes: 1, dtype: "f8e4m3" },
  { name: "float8_e5m2", bytes: 1, dtype: "f8e5m2" },
  { name: "float8_e4m3fnuz", bytes: 1, dtype: "f8e4m3fnuz" },
  { name: "float8_e5m2fnuz", bytes: 1, dtype: "f8e5m2fnuz" },
  { name: "float8_e8m0fnu", bytes: 1, dtype: "opaque", storedAs: "F8_E8M0" },
  {
    name: "complex64",
    storage: "ComplexFloatStorage",
    bytes: 8,
    dtype: "opaque",
    storedAs: "C64",
    component: 4,
  },
  {
    name: "complex128",
    storage: "ComplexDoubleStorage",
    bytes: 16,
    dtype: "opaque",
    storedAs: "torch:complex128",
    component: 8,
  },
];
