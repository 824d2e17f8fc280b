import type { LazyTensor, TensorFile } from "@lora/tensor";
import { ownedUnits, type Share } from "../shard/share.ts";
import { shareOfTensors } from "../shard/share-of-tensors.ts";

/**
 * The tensors of a share of a model. Where it has at least as many files as there are shares, whole files: those that a share
 * writes are then files of the whole, and nobody has to copy them.
 */
export function shareOfModel(
  { tensors, shards }: TensorFile,
  share: Share | undefined,
): readonly (readonly [name: string, tensor: LazyTensor])[] {
  const all = [...tensors];
  if (share === undefined) return all;
  const files = new Map<string, number>();
  for (const [name, { byteLength }] of all) {
    const file = shards?.get(name);
    if (file !== undefined) files.set(file, (files.get(file) ?? 0) + byteLength);
  }
  if (files.size < share.count) return shareOfTensors(all, share);
  const owned = ownedUnits(
    Array.from(files, ([name, bytes]) => ({ name, bytes })),
    share,
  );
  return all.filter(([name]) => owned.has(shards!.get(name)!));
}
