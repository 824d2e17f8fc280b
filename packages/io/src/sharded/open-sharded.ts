import type { LazyTensor, TensorFile } from "@lora/tensor";
import { LoraError, locate } from "@lora/tensor";
import type { WeightMap } from "./shard-index.ts";
import { parseShardIndex } from "./shard-index.ts";

/**
 * Opens a model that is spread over several files as one. Its tensors come in the order of the index's
 * shards, and in each shard in that of the file; where shards disagree on metadata, the first one counts.
 *
 * @param indexText the text of a `*.index.json`
 * @param openShard opens one of the files it names, given its plain file name
 * @param name what to call the whole in messages
 * @throws LoraError FORMAT when the index is broken, or a shard lacks a tensor or holds one that the index
 *   does not place there; and what opening a shard throws
 */
export function openSharded(
  indexText: string,
  openShard: (fileName: string) => Promise<TensorFile>,
  name: string,
): Promise<TensorFile> {
  return locate({ file: name }, async () => {
    const weightMap = parseShardIndex(indexText);
    const tensors = new Map<string, LazyTensor>();
    const metadata = new Map<string, string>();
    let byteLength = 0;
    for (const fileName of new Set(weightMap.values())) {
      const shard = await openShard(fileName);
      checkPlaced(shard, fileName, weightMap);
      for (const [tensor, lazy] of shard.tensors) tensors.set(tensor, lazy);
      for (const [key, value] of shard.metadata) if (!metadata.has(key)) metadata.set(key, value);
      byteLength += shard.byteLength ?? 0;
    }
    checkComplete(tensors, weightMap);
    return {
      name,
      format: "safetensors",
      byteLength,
      tensors,
      metadata,
      shards: weightMap,
      sidecars: new Map(),
    };
  });
}

function checkPlaced(shard: TensorFile, fileName: string, weightMap: WeightMap): void {
  for (const tensor of shard.tensors.keys()) {
    const place = weightMap.get(tensor);
    if (place === fileName) continue;
    const where = place === undefined ? "does not list it" : `places it in ${place}`;
    throw new LoraError("FORMAT", `${fileName} holds a tensor, and the index ${where}`, {
      tensor,
      advice: "shards and index are of different models: download all of them again",
    });
  }
}

function checkComplete(tensors: ReadonlyMap<string, LazyTensor>, weightMap: WeightMap): void {
  for (const [tensor, fileName] of weightMap) {
    if (tensors.has(tensor)) continue;
    throw new LoraError("FORMAT", `the index places a tensor in ${fileName}, which does not hold it`, {
      tensor,
      advice: "shards and index are of different models: download all of them again",
    });
  }
}
