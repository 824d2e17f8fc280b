import type { LazyTensor } from "@lora/tensor";
import { ownedUnits, type Share } from "./share.ts";

type Named = readonly [name: string, tensor: LazyTensor];

/** Those of the tensors that belong to a share, each by itself; all where there is none. */
export function shareOfTensors<T extends Named>(
  tensors: readonly T[],
  share: Share | undefined,
): readonly T[] {
  if (share === undefined) return tensors;
  const owned = ownedUnits(
    tensors.map(([name, { byteLength }]) => ({ name, bytes: byteLength })),
    share,
  );
  return tensors.filter(([name]) => owned.has(name));
}
