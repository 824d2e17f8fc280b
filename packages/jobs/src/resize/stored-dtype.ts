import type { AdapterModule } from "@lora/peft";
import { DTYPES, type DType } from "@lora/tensor";

/** Stored types a resize can write factors in. */
export type FactorDType = "f16" | "bf16" | "f32";

/** The type new factors are stored in: as asked, else as they were; 8-bit and quantised factors become f16. */
export function storedDType(module: AdapterModule, asked: FactorDType | undefined): DType {
  if (asked !== undefined) return asked;
  const small = module.dtype.startsWith("f8") || DTYPES[module.dtype].kind === "quantised";
  return small ? "f16" : module.dtype;
}
