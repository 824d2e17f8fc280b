import type { Matrix } from "@lora/linalg";
import type { DType, LazyTensor, TensorSpec } from "@lora/tensor";
import { byteCount, decode, elementCount, encode, LoraError, rowBytes, shapeText } from "@lora/tensor";

/**
 * A tensor whose values are worked out when it is pulled.
 *
 * @param name for messages
 * @param values gives the matrix of the factor; called at each pull
 */
export function factorTensor(name: string, spec: TensorSpec, values: () => Promise<Matrix>): LazyTensor {
  const byteLength = byteCount(spec);
  return {
    ...spec,
    byteLength,
    async bytes(rows, signal) {
      signal?.throwIfAborted();
      const { data } = await values();
      demandCount(name, spec, data);
      const bytes = encode(data, spec.dtype);
      demandFinite(name, spec.dtype, { bytes, data });
      const [from, to] = rowBytes({ ...spec, byteLength }, rows);
      return bytes.subarray(from, to);
    },
  };
}

function demandCount(name: string, { shape }: TensorSpec, data: Matrix["data"]): void {
  if (data.length === elementCount(shape)) return;
  throw new LoraError(
    "SHAPE",
    `a new factor of shape ${shapeText(shape)} takes ${elementCount(shape)} values, not ${data.length}`,
    { tensor: name, shape, values: data.length },
  );
}

/** Rounding to a smaller type may overflow; a file with an infinity in it is worth nothing. */
function demandFinite(
  name: string,
  dtype: DType,
  { bytes, data }: { readonly bytes: Uint8Array; readonly data: Matrix["data"] },
): void {
  const stored = new Float64Array(data.length);
  decode(bytes, dtype, stored);
  const at = stored.findIndex((value) => !Number.isFinite(value));
  if (at < 0) return;
  throw new LoraError("NUMERIC", `value ${at} of a new factor is ${data[at]}, beyond ${dtype}`, {
    tensor: name,
    index: at,
    value: String(data[at]),
    advice: "store the factors as f32 or bf16",
  });
}
