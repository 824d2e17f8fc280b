import type { LazyTensor } from "@lora/tensor";
import { storedTensor } from "../layers/dense-tensor.ts";
import { adapterKey, PARTS } from "./adapter-keys.ts";
import type { ModuleLayer } from "./base-module.ts";

/** The tensors of an adapter under PEFT's names, layer by layer. */
export function writeAdapterTensors(name: string, layers: readonly ModuleLayer[]): Map<string, LazyTensor> {
  const written = new Map<string, LazyTensor>();
  for (const { path, layer } of layers) {
    const tensors = layer.adapters.get(name)?.tensors;
    if (tensors === undefined) continue;
    for (const part of PARTS) {
      const tensor = tensors[part];
      if (tensor !== undefined) written.set(adapterKey(path, layer.kind, part), storedTensor(tensor));
    }
  }
  return written;
}
