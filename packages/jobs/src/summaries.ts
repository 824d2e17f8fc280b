import type { Adapter, AdapterModule, ExtraTensor } from "@lora/peft";
import type { TensorFile } from "@lora/tensor";
import type { ExtraSummary, FileSummary, ModuleSummary, RankSummary } from "./reports.ts";

/** What a report says of a file. */
export function fileSummary(file: TensorFile): FileSummary {
  return {
    name: file.name,
    format: file.format ?? "memory",
    bytes: file.byteLength ?? null,
    tensors: file.tensors.size,
  };
}

/** What a report says of a module before anything is measured. */
export function moduleSummary(module: AdapterModule): ModuleSummary {
  let bytes = 0;
  for (const part of module.parts.values()) bytes += part.tensor.byteLength;
  return {
    name: module.name,
    component: module.component,
    path: module.path,
    kind: module.kind,
    layer: module.layer,
    rank: module.rank,
    alpha: module.alpha ?? null,
    scale: module.scale,
    shape: module.shape,
    dtype: module.dtype,
    bytes,
  };
}

/** What a report says of a tensor that is carried through. */
export function extraSummary({ name, tensor, why }: ExtraTensor): ExtraSummary {
  const dtype = tensor.storedAs ?? tensor.dtype;
  return { name, dtype, shape: tensor.shape, bytes: tensor.byteLength, why };
}

/** Smallest, largest and summed rank of a list of ranks. */
export function rankSummary(ranks: readonly number[]): RankSummary {
  let [min, max, total] = [ranks[0] ?? 0, 0, 0];
  for (const rank of ranks) {
    min = Math.min(min, rank);
    max = Math.max(max, rank);
    total += rank;
  }
  return { modules: ranks.length, min, max, total };
}

/** How many modules have each rank, ascending by rank. */
export function rankHistogram(adapter: Adapter): { rank: number; modules: number }[] {
  const counts = new Map<number, number>();
  for (const { rank } of adapter.modules) counts.set(rank, (counts.get(rank) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([rank, modules]) => ({ rank, modules }));
}
