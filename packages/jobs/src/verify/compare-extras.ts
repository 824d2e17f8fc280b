import type { Adapter } from "@lora/peft";
import { type LazyTensor, sameShape, shapeText } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import type { VerifyReport } from "../reports.ts";
import { shareOfTensors } from "../shard/share-of-tensors.ts";

/** Tensors outside modules that are not the same, byte for byte, in both files. */
export async function compareExtras(
  a: Adapter,
  b: Adapter,
  { signal, share, findings }: RunContext,
): Promise<VerifyReport["extras"]> {
  const [inA, inB] = [extrasByName(a), extrasByName(b)];
  const known = findings?.of<string | null>("extra");
  const differences: { name: string; difference: string }[] = [];
  for (const [name] of shareOfTensors([...new Map([...inA, ...inB])], share)) {
    const before = known?.get(name);
    const difference =
      before === undefined ? await differenceOf(inA.get(name), inB.get(name), signal) : before;
    known?.set(name, difference);
    if (difference !== null) differences.push({ name, difference });
  }
  return differences;
}

function extrasByName(adapter: Adapter): Map<string, LazyTensor> {
  return new Map(adapter.extras.map(({ name, tensor }) => [name, tensor]));
}

async function differenceOf(
  a: LazyTensor | undefined,
  b: LazyTensor | undefined,
  signal?: AbortSignal,
): Promise<string | null> {
  if (a === undefined) return "only in the second file";
  if (b === undefined) return "only in the first file";
  const [typeA, typeB] = [a.storedAs ?? a.dtype, b.storedAs ?? b.dtype];
  if (typeA !== typeB) return `stored as ${typeA} and as ${typeB}`;
  if (!sameShape(a.shape, b.shape)) return `of shape ${shapeText(a.shape)} and ${shapeText(b.shape)}`;
  const [bytesA, bytesB] = await Promise.all([a.bytes(undefined, signal), b.bytes(undefined, signal)]);
  const first = bytesA.findIndex((byte, index) => byte !== bytesB[index]);
  return first === -1 ? null : `values differ from byte ${first} on`;
}
