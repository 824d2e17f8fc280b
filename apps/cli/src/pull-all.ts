import type { JobContext, TensorFile } from "@lora/tensor";

/** Makes every value of a file as writing it would, and keeps none. */
export async function pullAll({ tensors }: TensorFile, { signal, onProgress }: JobContext): Promise<void> {
  const total = [...tensors.values()].reduce((sum, tensor) => sum + tensor.byteLength, 0);
  let done = 0;
  for (const tensor of tensors.values()) {
    await tensor.bytes(undefined, signal);
    done += tensor.byteLength;
    onProgress?.({ phase: "measuring", done, total, unit: "bytes" });
  }
}
