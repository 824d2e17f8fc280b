import type { LazyTensor, TensorFile } from "@lora/tensor";
import { locate, rowBytes } from "@lora/tensor";
import { LazyMap } from "../lazy-map.ts";
import { memoryBudget } from "../memory-budget.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import type { EntryTable } from "./entry-table.ts";
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
    const { entries, metadata } = parseHeader(text, memoryBudget(source.size));
    const ordered = inOrderOfData(entries, source.size - dataStart);
    const make = (index: number): LazyTensor => tensorAt(source, entries.entry(index), dataStart);
    return {
      name: source.name,
      format: "safetensors",
      byteLength: source.size,
      tensors: tensorsOf(entries, ordered, make),
      metadata,
      sidecars: new Map(),
    };
  });
}

/** A plain map where it may be kept; else one that makes tensors when they are asked for. */
function tensorsOf(
  entries: EntryTable,
  ordered: Uint32Array,
  make: (index: number) => LazyTensor,
): ReadonlyMap<string, LazyTensor> {
  if (entries.isShort) return new Map(Array.from(ordered, (index) => [entries.name(index), make(index)]));
  return new LazyMap({
    size: entries.count,
    key: (place) => entries.name(ordered[place]!),
    value: (place) => make(ordered[place]!),
    get: (name) => {
      const index = entries.find(name);
      return index === undefined ? undefined : make(index);
    },
  });
}

/** Keeps no more than it needs: a file may have more entries than bytes of data. */
function tensorAt(
  source: ByteSource,
  { name, dtype, stored, shape, from, to }: Entry,
  dataStart: number,
): LazyTensor {
  const start = dataStart + from;
  const bytes: LazyTensor["bytes"] = (rows, signal, into) =>
    locate({ file: source.name, tensor: name }, () => {
      const [first, last] = rowBytes(tensor, rows);
      return source.read(start + first, start + last, signal, into);
    });
  const { name: path, descriptor } = source;
  const place = descriptor === undefined ? undefined : { path, descriptor, position: start };
  const spec = { dtype, shape, byteLength: to - from, ...(place && { place }) };
  const tensor: LazyTensor = dtype === "opaque" ? { ...spec, storedAs: stored, bytes } : { ...spec, bytes };
  return tensor;
}
