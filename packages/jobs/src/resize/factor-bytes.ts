import type { AdapterModule } from "@lora/peft";
import { byteCount, type DType, elementCount } from "@lora/tensor";

/** Bytes of the up and down that a module has at a rank. */
export function factorBytes({ shape }: Pick<AdapterModule, "shape">, rank: number, dtype: DType): number {
  const [out = 0, ...inner] = shape;
  return byteCount({ dtype, shape: [rank, out + elementCount(inner)] });
}
