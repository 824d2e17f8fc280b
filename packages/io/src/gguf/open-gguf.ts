import type { LazyTensor, TensorFile } from "@lora/tensor";
import { locate, rowBytes } from "@lora/tensor";
import { parsePrefix } from "../parse/parse-prefix.ts";
import type { ByteSource } from "../sources/byte-source.ts";
import { swapBytes } from "../strided/swap-bytes.ts";
import { readGgufHeader } from "./read-header.ts";
import type { TensorPlace } from "./tensor-place.ts";
import { placeTensors } from "./tensor-place.ts";

/**
 * Opens a GGUF file: reads its header and checks all of it. Shapes are row-major, ggml's the other way around;
 * metadata are texts. Each read of a tensor takes one request of exactly the bytes it needs.
 *
 * @throws LoraError FORMAT when the file breaks the format; UNSUPPORTED for versions and types that are not known;
 *   and what reading throws
 */
export function openGguf(source: ByteSource, signal?: AbortSignal): Promise<TensorFile> {
  return locate({ file: source.name }, async () => {
    const prefix = { what: "the header", parse: readGgufHeader };
    const header = await parsePrefix(source, prefix, signal);
    const places = placeTensors(header, source.size);
    return {
      name: source.name,
      format: "gguf",
      byteLength: source.size,
      tensors: new Map(places.map((place) => [place.name, tensorAt(source, place)])),
      metadata: header.metadata,
      sidecars: new Map(),
    };
  });
}

function tensorAt(source: ByteSource, place: TensorPlace): LazyTensor {
  const { name, dtype, storedAs, shape, byteLength, start, swapped } = place;
  const spec = { dtype, shape, byteLength };
  return {
    ...spec,
    ...(storedAs === undefined ? {} : { storedAs }),
    bytes: (rows, signal) =>
      locate({ file: source.name, tensor: name }, async () => {
        const [from, to] = rowBytes(spec, rows);
        // What is empty lies nowhere, whatever its offset says.
        if (from === to) return new Uint8Array();
        const bytes = await source.read(start + from, start + to, signal);
        return swapped === undefined ? bytes : swapBytes(bytes, swapped);
      }),
  };
}
