import type { DType } from "@lora/tensor";
import { LoraError } from "@lora/tensor";

/** A type of array elements. */
export interface ArrayType {
  readonly dtype: DType;
  /** For those that are opaque here. */
  readonly storedAs?: string | undefined;
  readonly itemBytes: number;
  /** Bytes of what has to be turned around, where the most significant byte comes first. */
  readonly swapped?: number | undefined;
}

const KNOWN: Readonly<Record<string, DType>> = {
  f2: "f16",
  f4: "f32",
  f8: "f64",
  i1: "i8",
  i2: "i16",
  i4: "i32",
  i8: "i64",
  u1: "u8",
  u2: "u16",
  u4: "u32",
  u8: "u64",
  b1: "bool",
  // How MLX and ml_dtypes store bfloat16, for which NumPy has no letter.
  V2: "bf16",
};

/**
 * The type that a `descr` of NumPy names, e.g. `<f4`. Texts, dates and wide floats are opaque.
 *
 * @throws LoraError UNSUPPORTED for objects, which are pickles, and what is no single type
 */
export function arrayType(descr: string): ArrayType {
  const [, order, code, letter, digits] = /^([<>|=]?)(([a-zA-Z])(\d+))/u.exec(descr) ?? [];
  if (code === undefined || letter === "O") {
    throw new LoraError(
      "UNSUPPORTED",
      `arrays of type ${descr} are not read: they hold Python objects or fields`,
      {
        advice: "save plain arrays of numbers",
      },
    );
  }
  const dtype = Object.hasOwn(KNOWN, code) ? KNOWN[code] : undefined;
  const count = Number(digits);
  const itemBytes = letter === "U" ? 4 * count : count;
  const turned = (bytes: number): number | undefined => (order === ">" && bytes > 1 ? bytes : undefined);
  if (dtype !== undefined) return { dtype, itemBytes, swapped: turned(itemBytes) };
  if (code === "c8") return { dtype: "opaque", storedAs: "C64", itemBytes, swapped: turned(4) };
  return { dtype: "opaque", storedAs: `numpy:${descr}`, itemBytes };
}
