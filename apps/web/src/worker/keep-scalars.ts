import type { LazyTensor, TensorFile } from "@lora/tensor";

const MOST_BYTES = 8;

/** The same file, whose scalars are read once: every job asks for all alphas, and a slice of a file takes a browser long. */
export function keepScalars<F extends TensorFile>(file: F): F {
  const tensors = [...file.tensors].map(
    ([name, tensor]) => [name, tensor.byteLength > MOST_BYTES ? tensor : kept(tensor)] as const,
  );
  return { ...file, tensors: new Map(tensors) };
}

function kept(tensor: LazyTensor): LazyTensor {
  let known: Promise<Uint8Array> | undefined;
  return {
    ...tensor,
    async bytes(rows, signal) {
      if (rows !== undefined) return tensor.bytes(rows, signal);
      // What failed or was cancelled may be asked again.
      known ??= tensor.bytes(undefined, signal).catch((error: unknown) => {
        known = undefined;
        throw error;
      });
      return (await known).slice();
    },
  };
}
