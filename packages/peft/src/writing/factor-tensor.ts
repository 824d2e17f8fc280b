import type { LazyTensor, TensorSpec } from "@lora/tensor";
import { byteCount, LoraError, rowBytes, shapeText } from "@lora/tensor";

/**
 * A tensor whose bytes are made when it is pulled.
 *
 * @param name for messages
 * @param bytesOf gives the factor as stored; called at each pull
 */
export function factorTensor(name: string, spec: TensorSpec, bytesOf: () => Promise<Uint8Array>): LazyTensor {
  const byteLength = byteCount(spec);
  return {
    ...spec,
    byteLength,
    async bytes(rows, signal, into) {
      signal?.throwIfAborted();
      const bytes = await bytesOf();
      demandCount(name, spec, bytes);
      // A copy, as for every tensor: the other pulls of this module share what was made.
      const wanted = bytes.subarray(...rowBytes({ ...spec, byteLength }, rows));
      if (into === undefined || into.length < wanted.length) return wanted.slice();
      into.set(wanted);
      return into.subarray(0, wanted.length);
    },
  };
}

function demandCount(name: string, spec: TensorSpec, { length }: Uint8Array): void {
  const expected = byteCount(spec);
  if (length === expected) return;
  throw new LoraError(
    "SHAPE",
    `a new factor of shape ${shapeText(spec.shape)} takes ${expected} bytes of ${spec.dtype}, not ${length}`,
    { tensor: name, shape: spec.shape, bytes: length },
  );
}
