import type { Adapter } from "@lora/peft";
import { type LazyTensor, sameShape, shapeText } from "@lora/tensor";
import type { VerifyReport } from "../reports.ts";

/** Tensors outside modules that are not the same, byte for byte, in both files. */
export async function compareExtras(
  a: Adapter,
  b: Adapter,
  signal?: AbortSignal,
): Promise<VerifyReport["extras"]> {
  const [inA, inB] = [extrasByName(a), extrasByName(b)];
  const differences: { name: string; difference: string }[] = [];
  for (const [name, tensor] of inA) {
    const other = inB.get(name);
    const difference =
      other === undefined ? "only in the first file" : await differenceOf(tensor, other, signal);
    if (difference !== undefined) differences.push({ name, difference });
  }
  for (const name of inB.keys()) {
    if (!inA.has(name)) differences.push({ name, difference: "only in the second file" });
  }
  return differences;
}

function extrasByName(adapter: Adapter): Map<string, LazyTensor> {
  return new Map(adapter.extras.map(({ name, tensor }) => [name, tensor]));
}

async function differenceOf(a: LazyTensor, b: LazyTensor, signal?: AbortSignal): Promise<string | undefined> {
  const [typeA, typeB] = [a.storedAs ?? a.dtype, b.storedAs ?? b.dtype];
  if (typeA !== typeB) return `stored as ${typeA} and as ${typeB}`;
  if (!sameShape(a.shape, b.shape)) return `of shape ${shapeText(a.shape)} and ${shapeText(b.shape)}`;
  const [bytesA, bytesB] = await Promise.all([a.bytes(undefined, signal), b.bytes(undefined, signal)]);
  const first = bytesA.findIndex((byte, index) => byte !== bytesB[index]);
  return first === -1 ? undefined : `values differ from byte ${first} on`;
}
