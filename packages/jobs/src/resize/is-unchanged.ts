import type { AdapterModule } from "@lora/peft";
import type { DType } from "@lora/tensor";

/** How a module would be written again. */
export interface Rewriting {
  readonly rank: number;
  readonly dtype: DType;
  readonly rescale: number;
}

/** Writing a module again at its own rank and type would only round it once more. */
export function isUnchanged(module: AdapterModule, { rank, dtype, rescale }: Rewriting): boolean {
  return rank === module.rank && dtype === module.dtype && rescale === 1 && !module.parts.has("mid");
}
