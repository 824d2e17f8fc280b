import type { Matrix } from "@lora/linalg";
import type { LazyTensor, TensorSpec } from "@lora/tensor";
import { byteCount, encode, LoraError, rowBytes } from "@lora/tensor";
import { elementCount, shapeText } from "@lora/tensor";

/** Largest finite value of the types that training tools store factors in, where it is within reach. */
const LARGEST: Readonly<Record<string, number>> = {
  f16: 65_504,
  f8e4m3: 448,
  f8e5m2: 57_344,
  f8e4m3fnuz: 240,
  f8e5m2fnuz: 57_344,
};

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
      demandFits(name, spec, data);
      const [from, to] = rowBytes({ ...spec, byteLength }, rows);
      return encode(data, spec.dtype).subarray(from, to);
    },
  };
}

function demandFits(name: string, spec: TensorSpec, data: Matrix["data"]): void {
  if (data.length !== elementCount(spec.shape)) {
    throw new LoraError(
      "SHAPE",
      `a new factor of shape ${shapeText(spec.shape)} takes ${elementCount(spec.shape)} values, not ${data.length}`,
      { tensor: name, shape: spec.shape, values: data.length },
    );
  }
  const limit = LARGEST[spec.dtype] ?? Number.MAX_VALUE;
  const at = data.findIndex((value) => !(Math.abs(value) <= limit));
  if (at < 0) return;
  throw new LoraError("NUMERIC", `value ${at} of a new factor is ${data[at]}, beyond ${spec.dtype}`, {
    tensor: name,
    index: at,
    value: String(data[at]),
    advice: "store the factors as f32 or bf16",
  });
}
