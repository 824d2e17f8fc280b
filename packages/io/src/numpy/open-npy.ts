import type { TensorFile } from "@lora/tensor";
import { locate } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";
import { stemOf } from "../stem-of.ts";
import { arrayTensor } from "./array-tensor.ts";

/**
 * Opens one array of NumPy; its tensor is called as the file is.
 *
 * @throws LoraError as `arrayTensor` does
 */
export function openNpy(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const name = stemOf(source.name);
    return {
      name: source.name,
      format: "npy",
      byteLength: source.size,
      tensors: new Map([[name, await arrayTensor(source, name, signal)]]),
      metadata: new Map(),
      sidecars: new Map(),
    };
  });
}
