import type { AdapterModule } from "@lora/peft";
import type { DType } from "@lora/tensor";

/** Stored types a resize can write factors in. */
export type FactorDType = "f16" | "bf16" | "f32";

/** The type new factors are stored in: as asked, else as they were; 8-bit factors become f16. */
export function storedDType(module: AdapterModule, asked: FactorDType | undefined): DType {
  if (asked !== undefined) return asked;
  return module.dtype.startsWith("f8") ? "f16" : module.dtype;
}
