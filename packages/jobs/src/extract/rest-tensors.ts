import {
  decode,
  DTYPES,
  elementCount,
  type LazyTensor,
  locate,
  sameShape,
  type TensorFile,
} from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";

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
  { signal, onProgress, findings }: RunContext,
): Promise<RestTensor[]> {
  const found = findings?.of<RestFinding>("rest");
  const total = tensors.reduce((sum, [, { byteLength }]) => sum + byteLength, 0);
  const changed: RestTensor[] = [];
  let done = 0;
  for (const [name, tensor] of tensors) {
    const isFloat = DTYPES[tensor.dtype].kind === "float";
    const finding =
      found?.get(name) ??
      (await locate({ tensor: name }, () => compared(base.tensors.get(name)!, tensor, signal)));
    found?.set(name, finding);
    if (finding.changed) changed.push({ name, tensor, isFloat, frobenius: finding.frobenius });
    done += tensor.byteLength;
    onProgress?.({ phase: "comparing", done, total, unit: "bytes" });
  }
  return changed;
}

/** What is found of a tensor of both models. */
interface RestFinding {
  readonly changed: boolean;
  readonly frobenius: number | null;
}

async function compared(
  before: LazyTensor,
  tensor: LazyTensor,
  signal: AbortSignal | undefined,
): Promise<RestFinding> {
  const [a, b] = [await before.bytes(undefined, signal), await tensor.bytes(undefined, signal)];
  const isSame =
    before.dtype === tensor.dtype && a.length === b.length && a.every((byte, i) => byte === b[i]);
  const isComparable =
    [before, tensor].every(({ dtype }) => DTYPES[dtype].kind === "float") &&
    sameShape(before.shape, tensor.shape);
  return {
    changed: !isSame,
    frobenius: isComparable && !isSame ? distance([before, a], [tensor, b]) : null,
  };
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
