import type { LazyTensor, TensorFile } from "@lora/tensor";
import { locate, rowBytes } from "@lora/tensor";
import type { ByteSource } from "../sources/byte-source.ts";
import type { Entry } from "./entry.ts";
import { readHeaderText } from "./header-text.ts";
import { parseHeader } from "./header.ts";
import { inOrderOfData } from "./layout.ts";

/**
 * Opens a safetensors file: reads its header and checks all of it. The tensors come in the order of their
 * data; each read takes one request of exactly the bytes it needs.
 *
 * @throws LoraError FORMAT when the file breaks the format; and what reading throws
 * @see https://huggingface.co/docs/safetensors, and its reference implementation for what is refused
 */
export function openSafetensors(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const { text, dataStart } = await readHeaderText(source, signal);
    const { entries, metadata } = parseHeader(text);
    const ordered = inOrderOfData(entries, source.size - dataStart);
    return {
      name: source.name,
      format: "safetensors",
      byteLength: source.size,
      tensors: new Map(ordered.map((entry) => [entry.name, tensorAt(source, entry, dataStart)])),
      metadata,
      sidecars: new Map(),
    };
  });
}

function tensorAt(source: ByteSource, entry: Entry, dataStart: number): LazyTensor {
  const spec = { dtype: entry.dtype, shape: entry.shape, byteLength: entry.to - entry.from };
  const start = dataStart + entry.from;
  return {
    ...spec,
    ...(entry.dtype === "opaque" ? { storedAs: entry.stored } : {}),
    bytes: (rows, signal, into) =>
      locate({ file: source.name, tensor: entry.name }, () => {
        const [from, to] = rowBytes(spec, rows);
        return source.read(start + from, start + to, signal, into);
      }),
  };
}
