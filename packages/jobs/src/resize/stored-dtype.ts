import type { AdapterModule } from "@lora/peft";
import type { DType } from "@lora/tensor";
import type { FactorDType } from "./resize.ts";

/** The type new factors are stored in: as asked, else as they were; 8-bit factors become f16. */
export function storedDType(module: AdapterModule, asked: FactorDType | undefined): DType {
  if (asked !== undefined) return asked;
  return module.dtype.startsWith("f8") ? "f16" : module.dtype;
}
