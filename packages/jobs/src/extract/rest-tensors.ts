import {
  decode,
  DTYPES,
  elementCount,
  type LazyTensor,
  locate,
  sameShape,
  type TensorFile,
} from "@lora/tensor";

/** A changed tensor that is no matrix: a norm, a bias, a scalar. */
export interface RestTensor {
  readonly name: string;
  readonly tensor: LazyTensor;
  readonly isFloat: boolean;
  /** ‖difference‖; null where it cannot be calculated. */
  readonly frobenius: number | null;
}

/** Those that differ between the models. */
export async function restOf(
  tensors: readonly (readonly [name: string, tensor: LazyTensor])[],
  base: TensorFile,
  signal: AbortSignal | undefined,
): Promise<RestTensor[]> {
  const changed: RestTensor[] = [];
  for (const [name, tensor] of tensors) {
    const before = base.tensors.get(name)!;
    await locate({ tensor: name }, async () => {
      const [a, b] = [await before.bytes(undefined, signal), await tensor.bytes(undefined, signal)];
      const isSame =
        before.dtype === tensor.dtype && a.length === b.length && a.every((byte, i) => byte === b[i]);
      if (isSame) return;
      const isFloat = DTYPES[tensor.dtype].kind === "float";
      const comparable =
        isFloat && DTYPES[before.dtype].kind === "float" && sameShape(before.shape, tensor.shape);
      changed.push({
        name,
        tensor,
        isFloat,
        frobenius: comparable ? distance([before, a], [tensor, b]) : null,
      });
    });
  }
  return changed;
}

type Read = readonly [tensor: LazyTensor, bytes: Uint8Array];

function distance(...[one, two]: readonly [Read, Read]): number {
  const [a, b] = [one, two].map(([{ dtype, shape }, bytes]) => {
    const values = new Float64Array(elementCount(shape));
    decode(bytes, dtype, values);
    return values;
  });
  let sum = 0;
  a!.forEach((value, i) => (sum += (b![i]! - value) ** 2));
  return Math.sqrt(sum);
}
