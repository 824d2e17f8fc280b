import { LoraError } from "@lora/tensor";
import { isObject, parseJsonObject } from "../json-object.ts";

/** Which shard holds which tensor. */
export type WeightMap = ReadonlyMap<string, string>;

/**
 * Reads the text of a `*.index.json`.
 *
 * @throws LoraError FORMAT when it is not such an index, or names a shard outside its own folder
 */
export function parseShardIndex(text: string): WeightMap {
  const { weight_map: weightMap } = parseJsonObject(text, "the index");
  if (!isObject(weightMap)) throw new LoraError("FORMAT", "the index has no weight_map");
  const shards = new Map<string, string>();
  for (const [tensor, shard] of Object.entries(weightMap)) {
    // A plain name: an index from elsewhere must not reach files of other folders.
    if (typeof shard !== "string" || shard === "" || shard === ".." || /[/\\]/u.test(shard)) {
      throw new LoraError(
        "FORMAT",
        `the index names ${JSON.stringify(shard)} as a shard: it takes a file name`,
        {
          tensor,
        },
      );
    }
    shards.set(tensor, shard);
  }
  return shards;
}

/** The text of an index, as Hugging Face writes it. */
export function shardIndexText(weightMap: WeightMap, totalBytes: number): string {
  const index = { metadata: { total_size: totalBytes }, weight_map: Object.fromEntries(weightMap) };
  return `${JSON.stringify(index, null, 2)}\n`;
}
