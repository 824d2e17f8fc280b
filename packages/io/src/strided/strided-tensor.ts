import type { LazyTensor, RowRange } from "@lora/tensor";
import { elementCount, locate, rowBytes } from "@lora/tensor";
import { gather } from "./gather.ts";
import type { StridedView } from "./strided-view.ts";
import { isDense, spanOf } from "./strided-view.ts";
import { swapBytes } from "./swap-bytes.ts";

/**
 * A view as a tensor. Where it is dense, reading takes one request of exactly its bytes; else the bytes from its
 * first to its last element are read and the elements gathered, which takes both in memory.
 */
export function stridedTensor(view: StridedView, name: string): LazyTensor {
  const { storage, dtype, storedAs, shape, itemBytes, swapped } = view;
  const spec = { dtype, shape, byteLength: elementCount(shape) * itemBytes };
  const dense = isDense(view);
  return {
    ...spec,
    ...(storedAs === undefined ? {} : { storedAs }),
    bytes: (rows, signal) =>
      locate({ file: storage.name, tensor: name }, async () => {
        const [from, to] = rowBytes(spec, rows);
        if (from === to) return new Uint8Array();
        const start = view.offset * itemBytes;
        const bytes = dense
          ? await storage.read(start + from, start + to, signal)
          : await gathered(view, rows, signal);
        return swapped === undefined ? bytes : swapBytes(bytes, swapped);
      }),
  };
}

async function gathered(view: StridedView, rows?: RowRange, signal?: AbortSignal): Promise<Uint8Array> {
  const { storage, strides, itemBytes } = view;
  const [first, end] = rows ?? [0, view.shape[0] ?? 1];
  const shape = view.shape.with(0, end - first);
  const start = view.offset + first * (strides[0] ?? 0);
  const stop = start + spanOf(shape, strides) + 1;
  const span = await storage.read(start * itemBytes, stop * itemBytes, signal);
  return gather(span, { shape, strides, itemBytes });
}
